"""What runs in the translator's process: templates in, what is wrong with them out, one JSON document a line each."""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import TYPE_CHECKING, Any

from scaffold.lazy import defer, stand_in
from scaffold.translator import rules

if TYPE_CHECKING:
    from scaffold.errors import Keys, Problem

REGION = "us-east-1"
_S3_URI = "s3://bucket/key"
_IMAGE_URI = "111111111111.dkr.ecr.us-east-1.amazonaws.com/repository:tag"

# Properties in which SAM takes a local path that `sam package` replaces; the translator knows only the result.
_LOCAL_PATHS = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::WebFunction": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::Api": "DefinitionUri",
    "AWS::Serverless::HttpApi": "DefinitionUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
    "AWS::Serverless::GraphQLApi": "SchemaUri",
    "AWS::Serverless::Application": "Location",
}
# The translator's words for what an image may not say.
_FORBIDDEN = "cannot be present when PackageType is of type `Image`"
# Those that SAM looks for even where the template does not name them.
_IMPLIED = {"CodeUri", "ContentUri"}
_AS_TEXT = "put what it is about in quotes, or take it out"


def serve() -> None:
    """Answer templates on standard input, one JSON string a line, with JSON lists of findings."""
    import gc  # noqa: PLC0415

    logging.disable()  # the translator complains of metrics that nobody publishes
    gc.disable()  # a short life and many imports: collecting finds nothing and takes a fifth of the time
    _replace()
    # The translator's pydantic models take a good part of its import, and most templates need none of them.
    defer(lambda name: name.startswith("samtranslator.internal.schema_source.aws_"))
    translate = _load()
    gc.freeze()  # what was loaded stays: collecting after each template need not look at it
    for line in sys.stdin:
        if not line.endswith("\n"):
            break  # whoever asks was killed in the middle of it
        found = translate(json.loads(line))
        try:
            sys.stdout.write(json.dumps(found) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            break  # or before the answer
        gc.collect()
    os._exit(0)  # nothing is to be cleaned up


def _replace() -> None:
    """Put stand-ins in the place of libraries that the translator imports and that no translation needs.

    boto3 and botocore: names to import, a region, nothing that could connect. jsonschema: the translator checks its
    own policy templates with it each time it starts, and nothing else. A test watches what it imports them for.
    """

    class Session:
        def __init__(self, region_name: str = REGION, **_: Any) -> None:  # noqa: ANN401
            self.region_name = region_name

        def get_partition_for_region(self, region: str) -> str:
            prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
            return next((name for prefix, name in prefixes.items() if region.startswith(prefix)), "aws")

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


def _load() -> Any:  # noqa: ANN401  a function from text to findings
    import yaml  # noqa: PLC0415

    # libyaml's parser, where there is one: the same documents, in a fraction of the time.
    yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    from samtranslator.internal.managed_policies import get_bundled_managed_policy_map  # noqa: PLC0415
    from samtranslator.model.exceptions import InvalidDocumentException  # noqa: PLC0415
    from samtranslator.parser.parser import Parser  # noqa: PLC0415
    from samtranslator.translator.translator import Translator as Sam  # noqa: PLC0415
    from samtranslator.yaml_helper import yaml_parse  # noqa: PLC0415

    session = sys.modules["boto3"].Session(region_name=REGION)

    def translate(text: str) -> list[dict[str, Any]]:
        try:
            template = yaml_parse(text)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            # What a parser takes may stand for nothing: a day that no calendar has, a list as a key.
            mark = getattr(error, "problem_mark", None)
            reason = str(getattr(error, "problem", None) or error or type(error).__name__)
            where = f" on line {mark.line + 1}" if mark else ""
            return [_row(f"the SAM translator cannot read the template{where}: {reason}", (), hint=_AS_TEXT)]
        resources = template.get("Resources") if isinstance(template, dict) else None
        if not isinstance(resources, dict) or not resources:
            return [_row("the template has no Resources", ())]
        if odd := [name for name, row in resources.items() if not isinstance(row, dict)]:
            return [
                _row(f"{name} is no resource: it has neither Type nor Properties", ("Resources", name)) for name in odd
            ]
        refused = [_row(row.message, _keys(row), hint=row.hint) for row in rules.problems(template)]
        _substitute(resources)
        names = json.loads(json.dumps(resources, default=str))  # the translator changes what it is given
        policies = get_bundled_managed_policy_map("aws") or {}
        sam = Sam(managed_policy_map=policies, sam_parser=Parser(), plugins=[], boto_session=session)
        try:
            sam.translate(sam_template=template, parameter_values={})
        except InvalidDocumentException as error:
            # What a rule says better, the translator need not say again.
            said = [_row_of(cause, names) for cause in error.causes]
            return refused + [row for row in said if not (refused and _FORBIDDEN in row["message"])]
        return refused

    return translate


def _keys(problem: Problem) -> Keys:
    return problem.location if isinstance(problem.location, tuple) else ()


def _row(message: str, path: Keys, resource_type: str = "", hint: str = "") -> dict[str, Any]:
    return {"message": message, "path": path, "type": resource_type, "hint": hint}


def _row_of(cause: Any, resources: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    """Return a cause as a row; which event or property it is about, the translator says only in words."""
    message = " ".join(str(getattr(cause, "message", cause)).split())
    resource = next((name for name in resources if f"[{name}]" in message), None)
    if resource is None:
        return _row(message, ())
    row = resources[resource]
    properties = row.get("Properties")
    path: tuple[str, ...] = ("Resources", resource)
    event = _between(message, "Event with id [", "]")
    words = [word.strip("'\"`.,:;()[]") for word in message.partition("is invalid.")[2].split()]
    named = next((word for word in words if isinstance(properties, dict) and word in properties), None)
    lacking = any(word in message for word in ("required", "needs to be present", "Missing"))
    if event:
        path = (*path, "Properties", "Events", event)
    elif named and not lacking:
        path = (*path, "Properties", named)
    return _row(message, path, str(row.get("Type", "")))


def _between(text: str, start: str, end: str) -> str:
    _, found, rest = text.partition(start)
    return rest.partition(end)[0] if found else ""


def _substitute(resources: dict[str, Any]) -> None:
    """Put what `sam package` would write in the place of local paths and images, which the translator refuses."""
    for resource in resources.values():
        properties = resource.setdefault("Properties", {})
        kind = str(resource.get("Type"))
        if not isinstance(properties, dict) or kind not in _LOCAL_PATHS:
            continue
        metadata = resource.get("Metadata")
        if properties.get("PackageType") == "Image":
            if isinstance(metadata, dict) and "Dockerfile" in metadata:
                properties.setdefault("ImageUri", _IMAGE_URI)
            continue
        name = _LOCAL_PATHS[kind]
        value = properties.get(name)
        local = isinstance(value, str) and not value.startswith("s3://")
        missing = value is None and name in _IMPLIED and "InlineCode" not in properties
        if kind == "AWS::Serverless::Application":
            if local and not str(value).startswith("https://"):
                properties[name] = "https://bucket.s3.amazonaws.com/key"
        elif local or missing:
            properties[name] = _S3_URI
