"""Titip isi: the photographed sheet of a village without signal, typed by one person and checked by another."""
