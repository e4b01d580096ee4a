ledger =
    .other_content = This transfer exists already with other content.
    .not_covered = The account does not hold that much.
    .not_positive = A transfer moves more than nothing.
    .same_account = A transfer goes from one account to another.
    .already_settled = This transfer was confirmed or cancelled before.
