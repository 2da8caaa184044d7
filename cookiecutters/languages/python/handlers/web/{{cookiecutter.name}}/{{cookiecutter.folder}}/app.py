"""A web application, which knows nothing of Lambda."""

from typing import Annotated

from fastapi import FastAPI, Path
from pydantic import BaseModel

# Behind a load balancer, a redirect would lead to http.
app = FastAPI(title="{{ cookiecutter.name }}", redirect_slashes=False)


class Greeting(BaseModel):
    """What the application answers."""

    message: str


@app.get("/health", include_in_schema=False)
def health() -> None:
    """Return 200 once requests can be served; the Lambda Web Adapter and load balancers check this."""


@app.get("/greetings/{name}")
def greet(name: Annotated[str, Path(max_length=100)]) -> Greeting:
    """Greet somebody."""
    return Greeting(message=f"hello {name}")
