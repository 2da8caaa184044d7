"""Rendering by cookiecutter: the layers of a project in this process, custom templates in one of their own."""
