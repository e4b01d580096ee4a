bids =
    .title_new = Faire une proposition
    .title_edit = Modifier la proposition
    .title_show = Proposition
    .title_own = Votre proposition
    .title_mine = Mes propositions
    .title_compare = Propositions côte à côte
    .bid_of = Proposition de { $value }
    .candidate = Candidature { $value }
    .client_maximum = Tarif maximal : { $value }
    .left_this_week =
        { $n ->
            [0] Vos propositions de la semaine sont épuisées
            [one] Encore une proposition cette semaine
           *[other] Encore { $n } propositions cette semaine
        }
    .free_and_sealed = Gratuit, et invisible des autres assistant·es
    .see_running = Voir votre proposition en cours
    .text_kept = Votre texte est conservé dans vos brouillons.
    .before_sign_up = Vous pouvez tout écrire avant de créer un compte : le brouillon vous suit.
    .sign_in_to_send = Votre proposition est enregistrée. Connectez-vous ou créez un compte pour l’envoyer.
    .part_rate = Votre tarif
    .label_rate_kind = Comment comptez-vous ?
    .kind_hourly = À l’heure
    .kind_fixed = Au forfait
    .kind_monthly = Au mois
    .rate_hourly = { $value } de l’heure
    .rate_fixed = { $value } en tout
    .rate_monthly =
        { $n ->
            [one] { $value } par mois pour une heure
           *[other] { $value } par mois pour { $n } heures
        }
    .label_rate = Montant
    .label_hours = Heures par mois
    .client_pays = Le client paie
    .fee = Frais du site
    .you_receive = Vous recevez
    .assistant_receives = L’assistant·e reçoit
    .label_above = Pourquoi au-delà du maximum ?
    .hint_above = À remplir seulement si votre tarif dépasse le maximum indiqué : le client lira cette raison.
    .above_title = Au-delà du maximum, parce que
    .above_badge = Au-delà du maximum
    .part_words = Votre message
    .label_message = Message au client
    .hint_message = Ce que vous avez compris du besoin, ce que vous avez déjà fait de semblable, et votre façon de vous y prendre.
    .label_samples = Réalisations à montrer
    .hint_samples = Une réalisation confidentielle que vous cochez devient visible de ce client, et de lui seul.
    .part_plan = Étapes
    .hint_plan = Découpez le travail si cela aide. Au forfait, les montants font le total.
    .step = Étape { $value }
    .label_step_title = Ce qui est livré
    .label_step_amount = Montant
    .label_step_due = Pour le
    .part_trial = Essai payé
    .hint_trial = Cinq heures au plus, payées, pour faire connaissance.
    .label_trial_hours = Heures d’essai
    .label_trial_amount = Prix de l’essai
    .trial_line =
        { $n ->
            [one] Une heure, { $value }
           *[other] { $n } heures, { $value }
        }
    .part_dates = Dates
    .label_start = Disponible à partir du
    .label_valid = Valable jusqu’au
    .hint_valid = Trente jours si vous ne dites rien.
    .save = Enregistrer
    .send = Envoyer la proposition
    .keep_and_sign_in = Garder et se connecter
    .back_to_job = Revenir à la mission
    .draft_saved = Brouillon enregistré à { $value }
    .sent = Proposition envoyée. Le client en est averti.
    .revised = Proposition modifiée.
    .filter = Filtrer
    .filter_all = Toutes
    .filter_live = En cours
    .filter_ended = Terminées
    .drafts = Brouillons
    .empty_mine = Aucune proposition pour le moment
    .empty_mine_hint = Cherchez une mission qui vous ressemble, puis dites comment vous vous y prendriez.
    .find_jobs = Chercher une mission
    .sent_on = Envoyée : { $value }
    .stands_until = Valable jusqu’à : { $value }
    .version_number = Version { $value }
    .was_invited = Sur invitation
    .blind_hint = Présélection à l’aveugle : noms, photos et dates s’affichent une fois la candidature retenue.
    .answers = Réponses aux questions
    .samples = Réalisations
    .sample_was_asked = Le client souhaite voir cette réalisation confidentielle.
    .sample_waits = Demandée : l’assistant·e n’a pas encore répondu.
    .samples_after_shortlisting = Cette proposition est accompagnée de réalisations. Elles s’affichent avec le nom, une fois la personne présélectionnée.
    .samples_closed = Les réalisations jointes ne sont plus visibles, car la proposition n’a pas abouti.
    .sample_asked = Demande envoyée.
    .sample_granted = Cette réalisation est maintenant visible du client.
    .grant = Montrer à ce client
    .versions = Versions
    .version_until = Version { $a }, jusqu’à : { $b }
    .then_changed = Modifié ensuite :
    .changed_rate = tarif
    .changed_message = message
    .changed_answers = réponses
    .changed_samples = réalisations
    .changed_plan = étapes
    .changed_trial = essai payé
    .changed_start = date de début
    .changed_validity = validité
    .changed_reason = raison du dépassement
    .job_maximum = Maximum du client
    .propose_interview = Proposer un entretien
    .make_offer = Faire une offre
    .edit = Modifier
    .share_hours = Partager mes heures libres
    .write = Écrire un message
    .see_profile = Voir le profil
    .shortlist = Retenir
    .shortlisted = Candidature retenue.
    .unlist = Ne plus retenir
    .unlisted = La candidature n’est plus dans la présélection.
    .decline = Refuser
    .label_reason = Raison
    .label_word = Un mot pour l’assistant·e
    .decline_now = Refuser cette proposition
    .declined = Proposition refusée. L’assistant·e en est averti·e, avec votre raison.
    .withdraw = Retirer ma proposition
    .withdraw_consequence = Le client ne pourra plus la retenir. Vous pourrez en envoyer une autre tant que la mission est ouverte.
    .withdraw_now = Retirer
    .withdrawn = Proposition retirée.
    .report = Signaler
    .reason_missing = Choisissez une raison.
    .reason_skills = Les compétences ne correspondent pas
    .reason_rate = Le tarif ne convient pas
    .reason_availability = Les disponibilités ne conviennent pas
    .reason_chose_another = Une autre personne a été choisie
    .reason_job_changed = Le besoin a changé
    .reason_other = Autre raison
    .lapsed_validity = La validité de la proposition est passée.
    .lapsed_job_closed = Le client a fermé la mission.
    .lapsed_job_filled = La mission est pourvue.
    .lapsed_job_expired = La mission est arrivée à son terme.
    .lapsed_job_removed = La mission a été retirée par la modération.
    .ended_next = Cette proposition est terminée ; elle reste lisible ici.
    .state_draft = Brouillon
    .state_sent = Envoyée
    .state_seen = Vue
    .state_shortlisted = Retenue
    .state_interviewing = En entretien
    .state_offered = Offre en cours
    .state_hired = Engagée
    .state_declined = Refusée
    .state_withdrawn = Retirée
    .state_lapsed = Caduque
    .count_live =
        { $n ->
            [0] Aucune proposition en cours
            [one] Une proposition en cours
           *[other] { $n } propositions en cours
        }
    .steps_count =
        { $n ->
            [one] Une étape
           *[other] { $n } étapes
        }
    .empty_job = Pas encore de proposition
    .empty_job_hint = Invitez des assistant·es dont le profil vous parle : les réponses arrivent plus vite.
    .find_assistants = Chercher des assistant·es
    .open = Lire
    .ended_list = Terminées
    .not_sent = Cette proposition n’a pas encore été envoyée.
    .already_sent = Cette proposition est déjà envoyée.
    .ended = Cette proposition est terminée.
    .already_shortlisted = Cette candidature est déjà retenue.
    .not_shortlisted = Cette candidature n’est pas dans la présélection.
    .further_on = Cette candidature en est déjà à l’entretien ou à l’offre.
    .offer_running = Une offre est en cours : répondez-y ou retirez-la d’abord.
    .not_offered = Aucune offre n’est en cours sur cette proposition.
    .already_hired = Cette personne est déjà engagée.
    .already_bid = Vous avez déjà une proposition en cours pour cette mission.
    .job_closed = Cette mission ne reçoit plus de propositions.
    .own_job = C’est une mission de votre organisation.
    .invited_only = Cette mission est sur invitation.
    .weekly_limit = Vous avez envoyé vos 15 propositions de la semaine. Le compteur repart lundi.
    .not_a_sample = Choisissez parmi vos propres réalisations.
    .sample_is_public = Cette réalisation est déjà publique.
    .day_past = Cette date est passée.
    .valid_too_long = Une proposition vaut au plus 90 jours.
    .above_maximum = Votre tarif dépasse le maximum du client : dites pourquoi.
    .too_long = Ce texte est trop long.
    .too_many = Au plus { $value }.
    .message_missing = Écrivez un message au client.
    .answer_missing = Répondez à cette question.
    .too_many_answers = Il y a plus de réponses que de questions.
    .step_title = Dites en une ligne ce qui est livré.
    .plan_sum = Au forfait, la somme des étapes doit faire le montant total.
    .trial_hours = Un essai dure de une à cinq heures.
    .part_message = Le message
