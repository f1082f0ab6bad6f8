"""How gunicorn serves the portal, at a desk (`./up2k run`) and on a server: measured best on two cores."""

workers = 2
threads = 4
loglevel = "warning"
# Its socket has one path per user, so two portals of one user would fight for it; nobody steers this server.
control_socket_disable = True
