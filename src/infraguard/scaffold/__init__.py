"""Answers to a plan of files to a written project."""
