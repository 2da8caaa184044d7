module example.com/{{ cookiecutter.function }}

go 1.26
