"""The SAM translator and the rules of Lambda: a template's text in, problems out.

To be imported in the translator's process alone, once :mod:`scaffold.translator.server` has prepared that.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import boto3
import yaml
from botocore.exceptions import EndpointConnectionError
from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.model.exceptions import ExceptionWithMessage
from samtranslator.parser.parser import Parser
from samtranslator.plugins.application.serverless_app_plugin import ServerlessAppPlugin
from samtranslator.plugins.globals.globals import Globals
from samtranslator.sdk.parameter import SamParameterValues
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from scaffold import aliases
from scaffold.errors import Problem
from scaffold.translator import causes, rules
from scaffold.translator.server import REGION

Translate = Callable[[str], list[Problem]]

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
# The translator's words for what an image may not have.
_FORBIDDEN = "cannot be present when PackageType is of type `Image`"
# Those that SAM looks for even where the template does not name them.
_IMPLIED = {"CodeUri", "ContentUri"}
_QUOTE = "put the value in quotes, or remove it"
_NO_RESOURCE = "{} is not a resource: it has neither Type nor Properties"
_INDENT = "indent what belongs to it, or remove it"
_SESSION = boto3.Session(region_name=REGION)


def translate(text: str) -> list[Problem]:
    """Return what is wrong with a template, each problem at its keys.

    What the translator does not expect of a template, it raises as an exception of any type.
    """
    try:
        if aliases.has_aliases(text) and (alias := aliases.refused(yaml.parse(text, Loader=yaml.SafeLoader))):
            return [Problem((), f"{alias.message}, on line {alias.line}", aliases.HINT)]
        template = yaml_parse(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # What a parser takes may stand for nothing: a day that no calendar has, a list as a key.
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or error or type(error).__name__)
        where = f" on line {mark.line + 1}" if mark else ""
        return [Problem((), f"the SAM translator cannot read the template{where}: {reason}", _QUOTE)]
    resources = template.get("Resources") if isinstance(template, dict) else None
    if not isinstance(resources, dict) or not resources:
        return [Problem((), "the template has no Resources", "add a Resources section with at least one resource")]
    if odd := [name for name, resource in resources.items() if not isinstance(resource, dict)]:
        return [Problem(("Resources", name), _NO_RESOURCE.format(name), _INDENT) for name in odd]
    problems = rules.problems(template, _with_globals(template))
    _substitute(resources)
    original = copy.deepcopy(resources)  # the translator changes what it is given
    policies = get_bundled_managed_policy_map("aws") or {}
    plugins = [_applications(template)]
    sam = Translator(managed_policy_map=policies, sam_parser=Parser(), plugins=plugins, boto_session=_SESSION)
    try:
        sam.translate(sam_template=template, parameter_values={})
    except ExceptionWithMessage as error:
        complaints = [causes.problem(cause, original) for cause in getattr(error, "causes", None) or [error]]
        return problems + [complaint for complaint in complaints if not _is_known(complaint, problems)]
    return problems


def _with_globals(template: dict[str, Any]) -> rules.WithGlobals:
    """Return what merges the properties of a resource with those of Globals, as the translator does."""
    try:
        sections = Globals(template)
    except ExceptionWithMessage:
        return lambda _name, _resource, own: own  # the translator says what is wrong with them

    def merged(name: str, resource: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
        try:
            result = sections.merge(str(resource.get("Type")), own, name, resource.get("IgnoreGlobals"))
        except (ExceptionWithMessage, TypeError):
            return own
        return result if isinstance(result, dict) else own

    return merged


class _Unreachable:
    """The Serverless Application Repository without a network, which SAM takes for "not verified"."""

    def get_application(self, **_: Any) -> None:  # noqa: ANN401
        raise EndpointConnectionError(endpoint_url=f"https://serverlessrepo.{REGION}.amazonaws.com")


def _applications(template: dict[str, Any]) -> ServerlessAppPlugin:
    """Return the plugin that looks at applications of that repository, without asking it."""
    parameters = SamParameterValues({})
    parameters.add_default_parameter_values(template)
    parameters.add_pseudo_parameter_values(_SESSION)
    values = parameters.parameter_values
    return ServerlessAppPlugin(sar_client=_Unreachable(), validate_only=True, parameters=values)


def _is_known(complaint: Problem, problems: list[Problem]) -> bool:
    """Return whether a rule says better what the translator complains of."""
    if _FORBIDDEN not in complaint.message or not isinstance(complaint.location, tuple):
        return False
    _, name, *_ = complaint.location
    return any(problem.message.startswith(f"{name}: {rules.NOT_WITH_IMAGES}") for problem in problems)


def _substitute(resources: dict[str, Any]) -> None:
    """Put what `sam package` would write in the place of local paths and images, which the translator refuses."""
    for resource in resources.values():
        properties = resource.setdefault("Properties", {})
        resource_type = str(resource.get("Type"))
        if not isinstance(properties, dict) or resource_type not in _LOCAL_PATHS:
            continue
        metadata = resource.get("Metadata")
        if properties.get("PackageType") == "Image":
            if isinstance(metadata, dict) and "Dockerfile" in metadata:
                properties.setdefault("ImageUri", _IMAGE_URI)
            continue
        name = _LOCAL_PATHS[resource_type]
        value = properties.get(name)
        local = isinstance(value, str) and not value.startswith("s3://")
        missing = value is None and name in _IMPLIED and "InlineCode" not in properties
        if resource_type == "AWS::Serverless::Application":
            if local and not str(value).startswith("https://"):
                properties[name] = "https://bucket.s3.amazonaws.com/key"
        elif local or missing:
            properties[name] = _S3_URI
