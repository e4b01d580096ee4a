//! Tables of `contracts`.

diesel::table! {
    contracts (id) {
        id -> BigInt,
        version -> BigInt,
        bid_id -> BigInt,
        job_id -> BigInt,
        organisation_id -> BigInt,
        client_id -> BigInt,
        assistant_id -> BigInt,
        state -> Text,
        state_details -> Text,
        title -> Text,
        lang -> Text,
        zone -> Text,
        currency -> Text,
        hold_days -> BigInt,
        client_party -> Text,
        assistant_party -> Text,
        open_offer_id -> Nullable<BigInt>,
        signed_offer_id -> Nullable<BigInt>,
        created_at -> BigInt,
        signed_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    contract_offers (id) {
        id -> BigInt,
        contract_id -> BigInt,
        number -> BigInt,
        purpose -> Text,
        side -> Text,
        account_id -> BigInt,
        state -> Text,
        terms -> Text,
        message -> Text,
        body -> Text,
        body_hash -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        answered_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    contract_signatures (id) {
        id -> BigInt,
        contract_id -> BigInt,
        offer_id -> BigInt,
        side -> Text,
        account_id -> BigInt,
        signer_name -> Text,
        body_hash -> Text,
        signed_at -> BigInt,
        signer_details -> Text,
    }
}

diesel::table! {
    contract_grants (id) {
        id -> BigInt,
        contract_id -> BigInt,
        what -> Text,
        level -> Text,
        note -> Text,
        granted_by -> BigInt,
        granted_at -> BigInt,
        revoked_by -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    contract_waitings (id) {
        id -> BigInt,
        contract_id -> BigInt,
        items -> Text,
        asked_by -> BigInt,
        asked_at -> BigInt,
        settled_by -> Nullable<BigInt>,
        settled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    contract_risks (id) {
        id -> BigInt,
        contract_id -> BigInt,
        side -> Text,
        account_id -> BigInt,
        risk -> Text,
        options -> Text,
        raised_at -> BigInt,
        answer -> Nullable<Text>,
        answered_by -> Nullable<BigInt>,
        answered_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    contract_checklists (id) {
        id -> BigInt,
        items -> Text,
        created_at -> BigInt,
        client_by -> Nullable<BigInt>,
        client_at -> Nullable<BigInt>,
        assistant_by -> Nullable<BigInt>,
        assistant_at -> Nullable<BigInt>,
    }
}
