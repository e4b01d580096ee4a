ledger =
    .other_content = Ce mouvement existe déjà avec un autre contenu.
    .not_covered = Ce compte ne contient pas cette somme.
    .not_positive = Un mouvement déplace plus que zéro.
    .same_account = Un mouvement va d’un compte à un autre.
    .already_settled = Ce mouvement est déjà confirmé ou annulé.
