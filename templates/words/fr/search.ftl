search =
    .title_jobs = Trouver une mission
    .title_assistants = Trouver un·e assistant·e
    .title_ranking = Comment les résultats sont classés
    .about_jobs = Les missions ouvertes, en français et en anglais. Cherchez avec vos mots : les compétences sont reconnues dans les deux langues.
    .about_assistants = Des assistant·es de direction, à distance ou privé·es. Cherchez avec vos mots, affinez par disponibilité, langue ou tarif.
    .label_q = Que cherchez-vous ?
    .placeholder = gestion d’agenda, comptes rendus, immobilier…
    .search = Rechercher
    .narrow = Affiner
    .apply = Appliquer les filtres
    .clear = Effacer les filtres
    .any = Peu importe
    .facet_skill = Compétences
    .facet_kind = Type d’assistance
    .facet_mode = Lieu de travail
    .facet_language = Langues
    .facet_sector = Secteur
    .facet_place = Ville
    .facet_rate_kind = Rémunération
    .facet_rate = Tarif en euros
    .facet_verified = Vérification
    .facet_available = Disponibilités
    .hint_available = Heures de { $value }. Les horaires de l’autre sont convertis.
    .verified = Profil vérifié
    .rate_min = De
    .rate_max = À
    .rate_hourly = À l’heure
    .rate_monthly = Forfait mensuel
    .rate_fixed = Prix fixe
    .hours_most = Heures par semaine, au plus
    .hours_least = Heures par semaine, au moins
    .hours_a_week = { $n ->
        [one] { $n } heure par semaine
       *[other] { $n } heures par semaine
    }
    .hours_a_month = { $n ->
        [one] { $n } heure par mois
       *[other] { $n } heures par mois
    }
    .day_mon = Lundi
    .day_tue = Mardi
    .day_wed = Mercredi
    .day_thu = Jeudi
    .day_fri = Vendredi
    .day_sat = Samedi
    .day_sun = Dimanche
    .part_am = 9 h – 12 h
    .part_pm = 14 h – 18 h
    .part_eve = 18 h – 21 h
    .sort = Trier par
    .sort_relevance = Pertinence
    .sort_newest = Nouveauté
    .sort_rate = Tarif
    .count_jobs = { $n ->
        [0] Aucune mission
        [one] { $n } mission
       *[other] { $n } missions
    }
    .count_assistants = { $n ->
        [0] Personne
        [one] { $n } assistant·e
       *[other] { $n } assistant·es
    }
    .widened = Aucune annonce ne réunit tous ces mots ; en voici qui en contiennent une partie.
    .fallback = L’index de recherche se reconstruit. En attendant, voici les plus récentes, sans tri par mots ni filtres.
    .none = Rien ne correspond
    .none_hint = Essayez avec moins de mots ou moins de filtres.
    .post_job = Déposer une mission
    .feed = Suivre cette recherche par flux Atom
    .feed_title = Nouvelles missions
    .feed_title_of = Nouvelles missions : { $value }
    .why = Pourquoi ici ?
    .why_part = { $a } : { $b }
    .why_text = Mots et compétences
    .why_recency = Nouveauté
    .why_completeness = Profil complet
    .why_verified = Vérification
    .why_reviews = Avis
    .why_availability = Horaires communs
    .why_newcomer = Tour des nouveaux profils
    .value_unknown = Cette valeur n’est pas comprise ; elle a été ignorée.
    .too_many = Trop de choix à la fois.
    .ranking_lede = Cette page est produite à partir des chiffres mêmes dont se sert le moteur.
    .ranking_sum = Le rang d’un résultat est une somme. Chaque ligne dit ce qui compte, et pour combien.
    .ranking_table = Ce qui compte, et pour combien
    .ranking_rule = Règle
    .ranking_figure = Poids
    .ranking_words = Les accents, les majuscules, le pluriel et le genre ne comptent pas. Une faute de frappe par mot est pardonnée. Une compétence se trouve en français comme en anglais.
    .ranking_sale = Aucune place ne s’achète. Ni le prix demandé ni la commission n’entrent dans le calcul.
    .ranking_demoted = Une annonce qu’une décision de modération a rétrogradée passe après toutes les autres ; la personne concernée en connaît les motifs.
