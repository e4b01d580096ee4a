//! Tables of the machines.

diesel::table! {
    facts (seq) {
        seq -> BigInt,
        tx -> BigInt,
        id -> BigInt,
        at -> BigInt,
        actor -> Text,
        room -> Text,
        name -> Text,
        about -> Text,
        payload -> Text,
    }
}
diesel::table! {
    fact_chain (place) {
        place -> BigInt,
        fact -> BigInt,
        salt -> Text,
        digest -> Text,
        link -> Text,
    }
}
diesel::table! {
    cursors (name) {
        name -> Text,
        tx -> BigInt,
        seq -> BigInt,
        not_before -> BigInt,
        waits -> BigInt,
        tries -> BigInt,
    }
}
diesel::table! {
    clocks (id) {
        id -> BigInt,
        kind -> Text,
        about -> Text,
        fires_at -> BigInt,
        payload -> Text,
        not_before -> BigInt,
        waits -> BigInt,
        tries -> BigInt,
        dead_letter -> Nullable<BigInt>,
    }
}
diesel::table! {
    tasks (id) {
        id -> BigInt,
        kind -> Text,
        about -> Text,
        payload -> Text,
        due_at -> BigInt,
        attempts -> BigInt,
        leased_until -> BigInt,
        last_error -> Nullable<Text>,
        waits -> BigInt,
        queued_at -> BigInt,
    }
}
diesel::table! {
    dead_letters (id) {
        id -> BigInt,
        machine -> Text,
        kind -> Text,
        about -> Text,
        payload -> Text,
        error -> Text,
        at -> BigInt,
        settled_at -> Nullable<BigInt>,
        fact -> Nullable<BigInt>,
        again_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    mails (id) {
        id -> BigInt,
        account -> Nullable<BigInt>,
        address -> Text,
        lang -> Text,
        kind -> Text,
        about -> Text,
        subject -> Text,
        text -> Text,
        html -> Text,
        calendar -> Nullable<Text>,
        calendar_method -> Nullable<Text>,
        unsubscribe -> Nullable<Text>,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        bounced_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    deliveries (id) {
        id -> BigInt,
        account -> BigInt,
        about -> Text,
        kind -> Text,
        channel -> Text,
        at -> BigInt,
        bounced -> Bool,
    }
}
diesel::table! {
    idempotency (id) {
        id -> BigInt,
        owner -> Text,
        door -> Text,
        key -> Text,
        body_hash -> Text,
        status -> BigInt,
        headers -> Text,
        body -> Text,
        at -> BigInt,
    }
}
diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
        changed_at -> BigInt,
        changed_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    security_events (id) {
        id -> BigInt,
        at -> BigInt,
        kind -> Text,
        account -> Nullable<BigInt>,
        actor -> Text,
        address -> Text,
        detail -> Text,
    }
}
