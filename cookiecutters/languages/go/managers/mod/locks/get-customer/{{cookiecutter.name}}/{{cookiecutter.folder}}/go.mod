module example.com/{{ cookiecutter.function }}

go 1.26

require (
	github.com/aws/aws-lambda-go v1.55.1
{% for name, version in cookiecutter.libraries.items() %}
	{{ name }} {{ version }}
{% endfor %}
)
