//! The OpenAPI 3.1 document, made from the list of doors, and a readable reference made from the document.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::door::{Door, Kind, Who};

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
                errors are RFC 9457 with a stable code.",
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
