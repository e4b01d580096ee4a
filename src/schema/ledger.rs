//! Tables of `ledger`.

diesel::table! {
    ledger_transfers (id) {
        id -> BigInt,
        key -> Text,
        debit -> Text,
        credit -> Text,
        amount -> BigInt,
        currency -> Text,
        kind -> Text,
        about -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    ledger_outcomes (id) {
        id -> BigInt,
        posted -> Bool,
        at -> BigInt,
    }
}

diesel::table! {
    ledger_balances (account, currency) {
        account -> Text,
        currency -> Text,
        amount -> BigInt,
    }
}

diesel::table! {
    ledger_verifications (id) {
        id -> BigInt,
        at -> BigInt,
        clean -> Bool,
        transfers -> BigInt,
        details -> Text,
    }
}

diesel::joinable!(ledger_outcomes -> ledger_transfers (id));
diesel::allow_tables_to_appear_in_same_query!(ledger_transfers, ledger_outcomes);
