"""What runs in the translator's process: templates in, problems out, one JSON document a line each."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

from scaffold.lazy import defer, stand_in

if TYPE_CHECKING:
    from scaffold.translator.sam import Translate

REGION = "us-east-1"


def serve(*, stand_ins: bool = True) -> None:
    """Answer templates on standard input, one JSON string a line, until it is closed.

    An answer is ``{"problems": [{"keys", "message", "hint"}]}``, or ``{"failure", "traceback", "is_loaded"}`` where
    the translator itself failed. Without stand-ins it takes the libraries that it asks for, and no network.
    """
    import gc  # noqa: PLC0415

    logging.disable()  # the translator complains of metrics that nobody publishes
    gc.disable()  # a short life and many imports: collecting finds nothing and takes a fifth of the time
    translate: Translate | None = None
    failure: dict[str, Any] = {}
    try:
        if stand_ins:
            _replace()
            # The translator's pydantic models take a good part of its import, and most templates need none of them.
            defer(lambda name: name.startswith("samtranslator.internal.schema_source.aws_"))
        else:
            _isolate()
        translate = _load()
    except Exception as error:  # noqa: BLE001  whatever a library raises as it is loaded
        failure = _failure(error, is_loaded=False)
    gc.freeze()  # what was loaded stays: collecting after each template need not look at it
    for line in sys.stdin:
        if not line.endswith("\n"):
            break  # whoever asks was killed in the middle of it
        answer = _answer(translate, json.loads(line)) if translate else failure
        try:
            sys.stdout.write(json.dumps(answer, default=str) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            break  # or before the answer
        gc.collect()
    os._exit(0)  # nothing is to be cleaned up


def _answer(translate: Translate, text: str) -> dict[str, Any]:
    try:
        problems = translate(text)
    except Exception as error:  # noqa: BLE001  whatever the translator does not expect in a template
        return _failure(error, is_loaded=True)
    return {"problems": [{"keys": row.location, "message": row.message, "hint": row.hint} for row in problems]}


def _failure(error: Exception, *, is_loaded: bool) -> dict[str, Any]:
    message = " ".join(f"{type(error).__name__}: {error}".split())
    return {"failure": message, "traceback": traceback.format_exc(), "is_loaded": is_loaded}


def _replace() -> None:
    """Put stand-ins in the place of libraries that the translator imports and that hardly a translation needs.

    boto3 and botocore: names to import, and a region. jsonschema: the translator checks its own policy templates with
    it each time it starts, and nothing else. Whatever is missing here raises an exception, and the template is then
    translated without stand-ins.
    """

    class Session:
        def __init__(self, region_name: str = REGION, **_: Any) -> None:  # noqa: ANN401
            self.region_name = region_name

    names: dict[str, dict[str, Any]] = {
        "boto3": {"Session": Session},
        "boto3.session": {"Session": Session},
        "botocore": {},
        "botocore.config": {"Config": type("Config", (), {})},
        "botocore.client": {"BaseClient": type("BaseClient", (), {})},
        "botocore.exceptions": {
            "ClientError": type("ClientError", (Exception,), {}),
            "EndpointConnectionError": type("EndpointConnectionError", (Exception,), {}),
        },
        "jsonschema": {"validate": lambda *_: None},
        "jsonschema.exceptions": {"ValidationError": type("ValidationError", (Exception,), {})},
    }
    stand_in(names)


def _isolate() -> None:
    """Keep boto3 from the network, and from what this machine says of accounts and regions."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
            raise OSError("the translator has no network")

    sys.addaudithook(refuse)


def _load() -> Translate:
    import yaml  # noqa: PLC0415

    # libyaml's parser, where there is one: the same documents, in a fraction of the time.
    yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    from scaffold.translator.sam import translate  # noqa: PLC0415

    return translate
