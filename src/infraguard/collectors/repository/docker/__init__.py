"""Dockerfiles by their stages."""
