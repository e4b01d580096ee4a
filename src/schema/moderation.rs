//! Tables of `migrations/0130_moderation.sql`.

diesel::table! {
    moderation_cases (id) {
        id -> BigInt,
        version -> BigInt,
        subject -> Text,
        subject_kind -> Text,
        account_id -> Nullable<BigInt>,
        organisation_id -> Nullable<BigInt>,
        state -> Text,
        held -> Bool,
        risk -> BigInt,
        reasons -> Text,
        assignee_id -> Nullable<BigInt>,
        opened_at -> BigInt,
        due_at -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    moderation_reports (id) {
        id -> BigInt,
        case_id -> BigInt,
        receipt -> Text,
        reporter_id -> Nullable<BigInt>,
        email -> Nullable<Text>,
        lang -> Text,
        reason -> Text,
        statement -> Text,
        created_at -> BigInt,
        outcome -> Nullable<Text>,
        answered_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    moderation_decisions (id) {
        id -> BigInt,
        case_id -> BigInt,
        moderator_id -> BigInt,
        measure -> Text,
        scope -> Text,
        facts -> Text,
        ground -> Nullable<Text>,
        clause -> Nullable<Text>,
        automated -> Bool,
        duration_days -> Nullable<BigInt>,
        imperative -> Bool,
        decided_at -> BigInt,
        appeal_until -> BigInt,
    }
}

diesel::table! {
    moderation_appeals (id) {
        id -> BigInt,
        decision_id -> BigInt,
        case_id -> BigInt,
        appellant_id -> BigInt,
        statement -> Text,
        state -> Text,
        created_at -> BigInt,
        due_at -> BigInt,
        decided_by -> Nullable<BigInt>,
        reasons -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    moderation_reporters (name) {
        name -> Text,
        abuses -> BigInt,
        barred_until -> Nullable<BigInt>,
    }
}
