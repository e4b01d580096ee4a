//! The OpenAPI 3.1 document, made from the list of doors, and a readable reference made from the document.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use askama::Template;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::ask::Ask;
use super::door::{Door, Kind, Who};
use super::frame::Frame;
use super::server::Doors;
use base::error::{Error, Result};

/// The document, complete by construction: every API door of the list is in it.
pub fn openapi(doors: &[Door], public_url: &str) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for door in doors.iter().filter(|door| door.kind == Kind::Api) {
        let operation = operation(door, &mut generator);
        let path = paths.entry(door.path.to_owned()).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(door.method.to_ascii_lowercase(), operation);
        }
    }
    let mut schemas: Map<String, Value> = generator.take_definitions(true);
    schemas.insert("Problem".to_owned(), problem_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Brasdroit",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
            "description": "Everything that a page can do. Money is in minor units, moments are RFC 3339 in UTC, \
                errors are RFC 9457 with a stable code. A browser's session may call what changes something from a page of \
                the same origin only, with JSON (also for an empty body) and the page's `csrf` in `X-CSRF-Token`.",
        },
        "servers": [{"url": format!("{public_url}/api/v1")}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    })
}

fn operation(door: &Door, generator: &mut schemars::SchemaGenerator) -> Value {
    let parameters: Vec<Value> = door
        .path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')))
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .chain((door.method == "POST").then(|| {
            json!({"name": "Idempotency-Key", "in": "header", "required": door.key_required, "schema": {"type": "string", "maxLength": 200}})
        }))
        .collect();
    let mut operation = json!({
        "operationId": door.operation,
        "tags": [door.path.split('/').nth(1).unwrap_or_default()],
        "parameters": parameters,
        "x-role": role(door.who),
    });
    let content = |schema: Value| json!({"application/json": {"schema": schema}});
    let mut success = json!({"description": "Done"});
    if let Some(answer) = door.answer {
        success["content"] = content(answer(generator).to_value());
    }
    let problem = json!({
        "description": "What went wrong, as RFC 9457",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    });
    let mut responses = Map::new();
    responses.insert(door.status.to_string(), success);
    responses.insert("default".to_owned(), problem);
    operation["responses"] = Value::Object(responses);
    if let Some(body) = door.body {
        operation["requestBody"] = json!({"required": true, "content": content(body(generator).to_value())});
    } else if door.multipart {
        operation["requestBody"] = json!({"required": true, "content": {"multipart/form-data": {"schema": {
            "type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"],
        }}}});
    }
    if door.who != Who::Anyone {
        operation["security"] = json!([{"bearer": []}]);
    }
    operation
}

fn role(who: Who) -> &'static str {
    match who {
        Who::Anyone => "anyone",
        Who::Member => "member",
        Who::Client => "client",
        Who::Assistant => "assistant",
        Who::Moderator => "moderator",
        Who::Admin => "admin",
    }
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "errors": {"type": "array", "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            }},
            "request_id": {"type": "string"},
        },
    })
}

#[derive(Template)]
#[template(path = "kit/reference.html")]
struct ReferencePage {
    f: Frame,
    sections: Vec<Section>,
}

struct Section {
    name: String,
    operations: Vec<Operation>,
}

struct Operation {
    name: String,
    method: String,
    path: String,
    role: String,
    key_required: bool,
    status: u16,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    kind: String,
    required: bool,
}

/// The document as a page.
pub(super) async fn show(ask: Ask) -> Result<HttpResponse> {
    let doors = ask.app().part::<Doors>().ok_or(Error::NotFound)?;
    let document = openapi(&doors.0, &ask.app().config.public_url);
    let mut sections: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for door in doors.0.iter().filter(|door| door.kind == Kind::Api) {
        let entry = &document["paths"][door.path][door.method.to_ascii_lowercase()];
        let body = &entry["requestBody"]["content"]["application/json"]["schema"];
        sections.entry(door.path.split('/').nth(1).unwrap_or_default().to_owned()).or_default().push(Operation {
            name: door.operation.unwrap_or_default().to_owned(),
            method: door.method.to_owned(),
            path: door.path.to_owned(),
            role: role(door.who).to_owned(),
            key_required: door.key_required,
            status: door.status,
            fields: fields(&document, body),
        });
    }
    let sections = sections.into_iter().map(|(name, operations)| Section { name, operations }).collect();
    ask.html(ReferencePage { f: ask.frame("http.reference_title").await?, sections })
}

/// `/api/docs` in the reader's language.
pub(super) async fn lead(ask: Ask) -> Result<HttpResponse> {
    ask.redirect("/api")
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null),
        None => schema,
    }
}

fn fields(document: &Value, schema: &Value) -> Vec<Field> {
    let schema = resolve(document, schema);
    let required: Vec<&str> =
        schema["required"].as_array().map(|names| names.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    let field = |(name, property): (&String, &Value)| Field {
        name: name.clone(),
        kind: kind(property),
        required: required.contains(&name.as_str()),
    };
    properties.iter().map(field).collect()
}

/// A schema in a few words: `string`, `array of Slot`, `null or Money`.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(several) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        return several.iter().map(kind).collect::<Vec<_>>().join(" | ");
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ");
    }
    if let Some(value) = schema["const"].as_str() {
        return value.to_owned();
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("array of {}", kind(&schema["items"])),
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        _ => "any".to_owned(),
    }
}
