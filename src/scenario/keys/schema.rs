//! The JSON Schema of the scenario file, made from the key table: editors complete, explain and check keys by it.
//!
//! It knows types, ranges, names and which keys a kind of tilt takes. What needs two values to be judged is left to
//! [`resolve`](crate::scenario::resolve); and to JSON, `7.0` is a whole number, which feedtilt refuses.

use super::json::Json;
use super::{BY_KIND, EVERY_TILT, Fallback, Key, Kind, Meaning, Range, SLUG_LENGTH, TILTS, TiltKeys};
use super::{children, meaning, section};

/// Name of the schema's file beside scenarios.
pub const SCHEMA_FILE: &str = "feedtilt.schema.json";

/// The schema, as the text of [`SCHEMA_FILE`].
pub fn schema() -> String {
    let head = Json::object([
        ("$schema", "https://json-schema.org/draft/2020-12/schema".into()),
        ("title", "Scenario of feedtilt".into()),
    ]);
    let Json::Object(mut entries) = head else { return String::new() };
    if let Json::Object(table) = table("") {
        entries.extend(table);
    }
    serde_json::to_string_pretty(&Json::Object(entries)).map_or_else(|_| String::new(), |text| text + "\n")
}

/// A table of this pattern.
fn table(pattern: &str) -> Json {
    let described = section(pattern).map(|section| ("description", section.doc.into()));
    let names = children(pattern);
    let object = Json::Object(described.into_iter().map(|(name, doc)| (name.to_owned(), doc)).collect());
    let object = object.with("type", "object");
    if names == ["*"] {
        let names = Json::object([("pattern", SLUG.into())]);
        return object.with("propertyNames", names).with("additionalProperties", entry(pattern, "*"));
    }
    let properties = names.iter().map(|name| ((*name).to_owned(), entry(pattern, name))).collect();
    let required: Vec<&str> = names.into_iter().filter(|name| is_required(pattern, name)).collect();
    closed(object, Json::Object(properties), &required)
}

/// A table without other keys than these.
fn closed(object: Json, properties: Json, required: &[&str]) -> Json {
    let object = object.with("properties", properties);
    let object = if required.is_empty() { object } else { object.with("required", Json::texts(required)) };
    object.with("additionalProperties", false)
}

/// Whether a name must stand in its table: a required key, a table that holds one, an array that needs an entry.
fn is_required(pattern: &str, name: &str) -> bool {
    match meaning(pattern, name) {
        Meaning::Value(key) => key.fallback == Fallback::Required,
        Meaning::Table(pattern) => children(&pattern).iter().any(|name| is_required(&pattern, name)),
        Meaning::Array(pattern) => {
            section(&pattern).and_then(|section| section.entries).is_some_and(|(least, _)| least > 0)
        }
        Meaning::ValueOrTable(..) | Meaning::Unknown => false,
    }
}

/// What may stand under a name.
fn entry(pattern: &str, name: &str) -> Json {
    match meaning(pattern, name) {
        Meaning::Value(key) => value(key),
        Meaning::ValueOrTable(key, pattern) => {
            let either = Json::List(vec![kind(&key.kind), table(&pattern)]);
            described(Json::object([("anyOf", either)]), key)
        }
        Meaning::Table(pattern) => table(&pattern),
        Meaning::Array(pattern) => array(&pattern),
        Meaning::Unknown => Json::object([]),
    }
}

fn array(pattern: &str) -> Json {
    let items = if pattern == TILT { tilts() } else { table(pattern) };
    let array = Json::object([("type", "array".into()), ("items", items)]);
    section(pattern)
        .and_then(|section| section.entries)
        .map_or(array.clone(), |(least, most)| length(array, least, most))
}

fn length(array: Json, least: usize, most: usize) -> Json {
    let array = if least > 0 { array.with("minItems", least) } else { array };
    if most < usize::MAX { array.with("maxItems", most) } else { array }
}

/// Pattern of a tilt.
const TILT: &str = "arm[].tilt[]";

/// One form of a tilt for each kind, so that an editor offers the keys of the kind that was typed.
fn tilts() -> Json {
    let doc = section(TILT).map_or("", |section| section.doc);
    Json::object([("description", doc.into()), ("oneOf", Json::List(TILTS.iter().map(tilt).collect()))])
}

fn tilt(tilt: &TiltKeys) -> Json {
    let of_kind = |name: &str| match name {
        "kind" => Json::object([("const", tilt.name.into()), ("description", sentence(tilt.doc).into())]),
        "ramp_days" if tilt.on_or_off.is_some() => {
            let why = format!("No ramp: {}.", tilt.on_or_off.unwrap_or_default());
            Json::object([("const", 0_i64.into()), ("description", why.into())])
        }
        _ => entry(TILT, name),
    };
    let taken = |name: &&str| EVERY_TILT.contains(name) || tilt.takes(name);
    let properties = children(TILT).into_iter().filter(taken).map(|name| (name.to_owned(), of_kind(name))).collect();
    let required: Vec<&str> = ["kind"].into_iter().chain(tilt.required.iter().copied()).collect();
    let object = Json::object([("title", tilt.name.into()), ("type", "object".into())]);
    closed(object, Json::Object(properties), &required)
}

/// A value with its meaning and its default.
fn value(key: &Key) -> Json {
    let described = described(kind(&key.kind), key);
    match key.fallback {
        Fallback::Value(text) => described.with("default", literal(text)),
        Fallback::Required | Fallback::Derived(_) => described,
    }
}

fn described(json: Json, key: &Key) -> Json {
    let unit = if key.unit.is_empty() { String::new() } else { format!(" Unit: {}.", key.unit) };
    let fallback = match key.fallback {
        Fallback::Required | Fallback::Derived(BY_KIND) => String::new(),
        Fallback::Value(text) => format!(" Default: {text}."),
        Fallback::Derived(words) => format!(" Default: {words}."),
    };
    json.with("description", format!("{}{unit}{fallback}", key.meaning()))
}

/// `Multiplies the score …`.
fn sentence(doc: &str) -> String {
    let mut characters = doc.chars();
    let first = characters.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    format!("{first}{}.", characters.as_str())
}

/// What a name looks like.
const SLUG: &str = "^[a-z0-9-]+$";

fn kind(kind: &Kind) -> Json {
    match kind {
        Kind::Integer { least, most } if least == most => Json::object([("const", (*least).into())]),
        Kind::Integer { least, most } => {
            Json::object([("type", "integer".into()), ("minimum", (*least).into()), ("maximum", (*most).into())])
        }
        Kind::Number(range) => number(range),
        Kind::Text => Json::object([("type", "string".into())]),
        Kind::Slug => {
            Json::object([("type", "string".into()), ("pattern", SLUG.into()), ("maxLength", SLUG_LENGTH.into())])
        }
        Kind::Boolean => Json::object([("type", "boolean".into())]),
        Kind::OneOf(options) => Json::object([("enum", Json::texts(options))]),
        Kind::List { of, least, most } => {
            length(Json::object([("type", "array".into()), ("items", self::kind(of))]), *least, *most)
        }
    }
}

fn number(range: &Range) -> Json {
    let low = if range.low_included { "minimum" } else { "exclusiveMinimum" };
    let high = if range.high_included { "maximum" } else { "exclusiveMaximum" };
    Json::object([("type", "number".into()), (low, range.low.into()), (high, range.high.into())])
}

/// A default, which the key table holds as TOML.
fn literal(text: &str) -> Json {
    let table: toml::Table = toml::from_str(&format!("default = {text}")).unwrap_or_default();
    table.get("default").map_or(Json::Text(text.to_owned()), json)
}

fn json(value: &toml::Value) -> Json {
    match value {
        toml::Value::Integer(integer) => (*integer).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(flag) => (*flag).into(),
        toml::Value::Array(values) => Json::List(values.iter().map(json).collect()),
        toml::Value::String(text) => text.as_str().into(),
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::keys::{all, find};

    #[test]
    fn every_key_is_explained() {
        let text = schema();
        for key in all() {
            let meaning = serde_json::to_string(key.meaning()).expect("a string");
            // The kind of a tilt is explained by each of its forms.
            let explained = text.contains(meaning.trim_matches('"')) || key.path == "arm[].tilt[].kind";
            assert!(explained, "{}", key.path);
        }
    }

    #[test]
    fn defaults_keep_their_type() {
        assert_eq!(literal("5_000_000"), Json::Whole(5_000_000));
        assert_eq!(literal("0.25"), Json::Number(0.25));
        assert_eq!(literal("\"cells\""), Json::Text("cells".into()));
        assert_eq!(literal("[1.0, 2.5]"), Json::List(vec![Json::Whole(1), Json::Number(2.5)]));
    }

    #[test]
    fn ends_of_ranges_are_in_or_out() {
        let of = |path: &str| serde_json::to_string(&kind(&find(path).expect("a key").kind)).expect("JSON");
        assert_eq!(of("feed.forgetting"), r#"{"type":"number","minimum":0,"maximum":1}"#);
        assert_eq!(of("feed.temperature"), r#"{"type":"number","exclusiveMinimum":0,"maximum":100}"#);
        assert_eq!(of("shocks.memory"), r#"{"type":"number","minimum":0,"exclusiveMaximum":1}"#);
    }
}
