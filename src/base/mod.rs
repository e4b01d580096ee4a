//! Floor 0: values without a machine behind them. Nothing here knows a database, a clock or a request.

pub mod actor;
pub mod error;
pub mod ids;
pub mod lang;
pub mod money;
pub mod page;
pub mod text;
pub mod time;
pub mod trade;
pub mod week;
