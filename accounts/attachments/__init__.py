"""Files and photos on any record: what may come in, how it is kept, who sees it."""
