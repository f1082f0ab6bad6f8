VERSION = "2026.11"  # told with a problem, so that one knows which edition it was met in
