//! Tables of `payments`.

diesel::table! {
    payments (id) {
        id -> BigInt,
        version -> BigInt,
        about -> Text,
        organisation_id -> BigInt,
        account_id -> BigInt,
        provider -> Text,
        method -> Text,
        amount -> BigInt,
        currency -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        transfer_reference -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    payment_methods (id) {
        id -> BigInt,
        organisation_id -> BigInt,
        method -> Text,
        added_by -> BigInt,
        added_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    payment_refunds (id) {
        id -> BigInt,
        payment_id -> BigInt,
        ledger_key -> Text,
        amount -> BigInt,
        currency -> Text,
        state -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    payment_releases (id) {
        id -> BigInt,
        unit_id -> BigInt,
        step -> BigInt,
        assistant_id -> BigInt,
        amount -> BigInt,
        currency -> Text,
        pay_at -> BigInt,
        state -> Text,
        payout_id -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    payment_payouts (id) {
        id -> BigInt,
        assistant_id -> BigInt,
        amount -> BigInt,
        currency -> Text,
        state -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    payment_inbox (id) {
        id -> BigInt,
        provider -> Text,
        event -> Text,
        kind -> Text,
        body -> Text,
        received_at -> BigInt,
        outcome -> Nullable<Text>,
        processed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    payment_debts (id) {
        id -> BigInt,
        organisation_id -> BigInt,
        payment_id -> BigInt,
        amount -> BigInt,
        currency -> Text,
        evidence -> Text,
        created_at -> BigInt,
        settled_at -> Nullable<BigInt>,
        settled_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    payment_reconciliations (id) {
        id -> BigInt,
        at -> BigInt,
        clean -> Bool,
        details -> Text,
    }
}

diesel::table! {
    sandbox_objects (reference) {
        reference -> Text,
        kind -> Text,
        parent -> Nullable<Text>,
        method -> Text,
        amount -> BigInt,
        currency -> Text,
        state -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}
