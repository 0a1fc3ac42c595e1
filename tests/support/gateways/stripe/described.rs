//! Requests and answers against Stripe's own published description (`tests/fixtures/gateways/stripe_openapi.json`).

use jsonschema::{Validator, error::ValidationErrorKind};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

struct Operation {
    /// As described, for reading forms by.
    form: Value,
    request: Validator,
    answer: Validator,
}

struct Described {
    operations: HashMap<String, Operation>,
    objects: HashMap<String, Validator>,
}

static DESCRIBED: LazyLock<Described> = LazyLock::new(|| {
    let text = include_str!("../../../fixtures/gateways/stripe_openapi.json");
    let all: Value = serde_json::from_str(text).unwrap();
    let with_names = |schema: &Value| {
        let schema = json!({ "allOf": [schema], "$defs": all["$defs"] });
        jsonschema::validator_for(&schema).unwrap()
    };
    let operations = all["operations"].as_object().unwrap().iter().map(|(name, described)| {
        let form = described["request"].clone();
        let request = jsonschema::validator_for(&form).unwrap();
        let answer = with_names(&described["answer"]);
        (name.clone(), Operation { form, request, answer })
    });
    let objects = ["account", "checkout.session", "dispute", "event", "refund"]
        .map(|name| (name.to_owned(), with_names(&json!({ "$ref": format!("#/$defs/{name}") }))));
    Described { operations: operations.collect(), objects: objects.into() }
});

/// Reads the description, once: no request waits for it.
pub fn read() {
    LazyLock::force(&DESCRIBED);
}

/// What is wrong with a request: Stripe's code for it, and the parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub code: &'static str,
    pub parameter: String,
}

/// Reads a form or a query as the description says, or finds what does not fit it.
pub fn request(operation: &str, fields: &[(String, String)]) -> Result<Value, Wrong> {
    let operation = &DESCRIBED.operations[operation];
    let value = typed(&Node::of(fields), &operation.form);
    let Some(error) = operation.request.iter_errors(&value).next() else { return Ok(value) };
    let at = |end: &str| {
        let path = error.instance_path.to_string();
        let all = path.split('/').skip(1).chain(Some(end).filter(|end| !end.is_empty()));
        let mut all = all.map(str::to_owned);
        let first = all.next().unwrap_or_default();
        all.fold(first, |name, part| format!("{name}[{part}]"))
    };
    Err(match &error.kind {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            Wrong { code: "parameter_unknown", parameter: at(&unexpected[0]) }
        }
        ValidationErrorKind::Required { property } => Wrong {
            code: "parameter_missing",
            parameter: at(property.as_str().unwrap_or_default()),
        },
        ValidationErrorKind::Type { .. } => {
            Wrong { code: "parameter_invalid_type", parameter: at("") }
        }
        _ => Wrong { code: "parameter_invalid", parameter: at("") },
    })
}

/// What is wrong with an answer of ours.
pub fn answer(operation: &str, answer: &Value) -> Vec<String> {
    faults(&DESCRIBED.operations[operation].answer, answer)
}

/// What is wrong with an object that a webhook brings.
pub fn object(name: &str, object: &Value) -> Vec<String> {
    faults(&DESCRIBED.objects[name], object)
}

fn faults(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect()
}

/// `a[b][0]=c` as a tree.
enum Node {
    Leaf(String),
    Branch(BTreeMap<String, Node>),
}

impl Node {
    fn of(fields: &[(String, String)]) -> Self {
        let mut root = BTreeMap::new();
        for (name, value) in fields {
            let parts: Vec<&str> = name.split('[').map(|part| part.trim_end_matches(']')).collect();
            put(&mut root, &parts, value);
        }
        Self::Branch(root)
    }
}

fn put(branch: &mut BTreeMap<String, Node>, parts: &[&str], value: &str) {
    let (first, rest) = parts.split_first().unwrap();
    if rest.is_empty() {
        branch.insert((*first).to_owned(), Node::Leaf(value.to_owned()));
        return;
    }
    let inner = branch.entry((*first).to_owned()).or_insert_with(|| Node::Branch(BTreeMap::new()));
    if let Node::Branch(inner) = inner {
        put(inner, rest, value);
    }
}

/// The tree with numbers, flags and lists where the description has them; what cannot be read stays text.
fn typed(node: &Node, schema: &Value) -> Value {
    if let Some(ways) = schema["anyOf"].as_array() {
        let read: Vec<(Value, &Value)> = ways.iter().map(|way| (typed(node, way), way)).collect();
        let fits = read.iter().find(|(value, way)| jsonschema::is_valid(way, value));
        return fits.or(read.first()).unwrap().0.clone();
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str()).unwrap_or_default();
    match node {
        Node::Leaf(text) => match kind {
            "integer" => text.parse::<i64>().map_or(json!(text), Value::from),
            "number" => text.parse::<f64>().map_or(json!(text), Value::from),
            "boolean" => text.parse::<bool>().map_or(json!(text), Value::from),
            _ => json!(text),
        },
        Node::Branch(inner) if kind == "array" => {
            inner.values().map(|one| typed(one, &schema["items"])).collect()
        }
        Node::Branch(inner) => {
            let of = |name: &str| match &schema["properties"][name] {
                Value::Null => &schema["additionalProperties"],
                described => described,
            };
            let all = inner.iter().map(|(name, one)| (name.clone(), typed(one, of(name))));
            Value::Object(all.collect::<Map<_, _>>())
        }
    }
}
