//! Tables of `escrow`.

diesel::table! {
    escrow_units (id) {
        id -> BigInt,
        version -> BigInt,
        contract -> Text,
        position -> BigInt,
        organisation_id -> BigInt,
        client_id -> BigInt,
        assistant_id -> BigInt,
        state -> Text,
        currency -> Text,
        funded -> BigInt,
        released -> BigInt,
        refunded -> BigInt,
        fee -> BigInt,
        details -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    escrow_papers (id) {
        id -> BigInt,
        unit_id -> BigInt,
        kind -> Text,
        account_id -> Nullable<BigInt>,
        body -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    escrow_handles (id) {
        id -> BigInt,
        unit_id -> BigInt,
    }
}

diesel::table! {
    escrow_absences (id) {
        id -> BigInt,
        organisation_id -> BigInt,
        from_on -> Text,
        until_on -> Text,
        announced_at -> BigInt,
    }
}
