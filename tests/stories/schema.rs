//! The schema files mirror the migrations, on both engines.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::market::{Engine, Market};
use crate::source;

crate::stories![the_schema_files_mirror_the_migrations];

/// Table to column to whether it may be null and whether it is a whole number.
type Tables = BTreeMap<String, BTreeMap<String, (bool, Shape)>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Number,
    Text,
    Bool,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    nullable: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

const SQLITE: &str = "SELECT m.name AS table_name, c.name AS column_name, \
    CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 'NO' ELSE 'YES' END AS nullable, c.type AS kind \
    FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
const POSTGRES: &str = "SELECT table_name::text, column_name::text, is_nullable::text AS nullable, data_type::text AS kind \
    FROM information_schema.columns WHERE table_schema = 'public'";

fn the_schema_files_mirror_the_migrations(market: &mut Market) {
    let sql = match market.engine {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    let columns: Vec<Column> = market.read(move |conn| Ok(diesel::sql_query(sql).load(conn)?));
    let mut made = Tables::new();
    for column in columns {
        if column.table_name.starts_with("sqlite_") || column.table_name.starts_with("__diesel") {
            continue;
        }
        let shape = match column.kind.to_ascii_lowercase().as_str() {
            "bigint" | "integer" => Shape::Number,
            "text" => Shape::Text,
            "boolean" => Shape::Bool,
            other => panic!("{}.{} is {other}", column.table_name, column.column_name),
        };
        let entry = (column.nullable == "YES", shape);
        made.entry(column.table_name).or_default().insert(column.column_name, entry);
    }
    let declared = declared();
    assert!(declared.len() > 5, "the schema files were read");
    assert_eq!(declared.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>(), "tables");
    for (table, columns) in declared {
        assert_eq!(columns, made[&table], "{table}");
    }
}

/// Every column that can hold text, by table.
pub fn text_columns() -> Vec<(String, String)> {
    let columns = |(table, columns): (String, BTreeMap<String, (bool, Shape)>)| {
        let texts = columns.into_iter().filter(|(_, (_, shape))| *shape == Shape::Text);
        texts.map(|(column, _)| (table.clone(), column)).collect::<Vec<_>>()
    };
    declared().into_iter().flat_map(columns).collect()
}

/// What `src/schema` says.
fn declared() -> Tables {
    let mut tables = Tables::new();
    source::tidy::each_file(&["src/schema"], |_, text| {
        for block in text.split("table! {").skip(1) {
            let mut lines = block.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
            let Some(head) = lines.next() else { continue };
            let table = head.split([' ', '(']).next().unwrap_or_default().to_owned();
            let mut columns = BTreeMap::new();
            for line in lines.take_while(|line| !line.starts_with('}')) {
                let Some((name, kind)) = line.trim_end_matches(',').split_once(" -> ") else { continue };
                let nullable = kind.starts_with("Nullable<");
                let shape = match kind.trim_start_matches("Nullable<").trim_end_matches('>') {
                    "BigInt" => Shape::Number,
                    "Text" => Shape::Text,
                    "Bool" => Shape::Bool,
                    other => panic!("{table}.{name} is {other}"),
                };
                columns.insert(name.trim_start_matches("r#").to_owned(), (nullable, shape));
            }
            tables.insert(table, columns);
        }
    });
    tables
}
