//! Tables of `migrations/0020_skills.sql`.

diesel::table! {
    skills_esco (uri) {
        uri -> Text,
        label_fr -> Text,
        label_en -> Text,
        alternatives -> Text,
        slug -> Nullable<Text>,
    }
}
