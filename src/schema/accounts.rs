//! Tables of `migrations/0010_accounts.sql`.

diesel::table! {
    accounts (id) {
        id -> BigInt,
        email -> Text,
        email_key -> Text,
        pending_email -> Nullable<Text>,
        password_hash -> Text,
        password_version -> BigInt,
        display_name -> Text,
        locale -> Text,
        zone -> Text,
        client -> Bool,
        assistant -> Bool,
        staff -> Nullable<Text>,
        organisation -> Nullable<BigInt>,
        confirmed_at -> Nullable<BigInt>,
        suspended_at -> Nullable<BigInt>,
        suspended_until -> Nullable<BigInt>,
        suspension_reasons -> Nullable<Text>,
        leaving_at -> Nullable<BigInt>,
        erased_at -> Nullable<BigInt>,
        created_at -> BigInt,
        version -> BigInt,
        sign_ups -> BigInt,
        reset_round -> BigInt,
    }
}

diesel::table! {
    organisations (id) {
        id -> BigInt,
        name -> Text,
        kind -> Text,
        siren -> Nullable<Text>,
        siren_checked_at -> Nullable<BigInt>,
        country -> Text,
        details -> Text,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    memberships (id) {
        id -> BigInt,
        organisation -> BigInt,
        account -> BigInt,
        role -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    terms_versions (id) {
        id -> BigInt,
        name -> Text,
        in_force_at -> BigInt,
    }
}

diesel::table! {
    terms_acceptances (id) {
        id -> BigInt,
        account -> BigInt,
        terms -> Text,
        accepted_at -> BigInt,
    }
}

diesel::table! {
    throttles (name) {
        name -> Text,
        attempts -> BigInt,
        since -> BigInt,
        closed_until -> BigInt,
    }
}

diesel::table! {
    erasure_holds (id) {
        id -> BigInt,
        account -> BigInt,
        about -> Text,
        reason -> Text,
        until -> Nullable<BigInt>,
    }
}
