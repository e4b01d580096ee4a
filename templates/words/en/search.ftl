search =
    .title_jobs = Find a job
    .title_assistants = Find an assistant
    .title_ranking = How results are ranked
    .about_jobs = Open jobs, in French and English. Search in your own words: skills are recognised in both languages.
    .about_assistants = Executive, virtual and private assistants. Search in your own words, then narrow by availability, language or rate.
    .label_q = What are you looking for?
    .placeholder = calendar management, minutes, real estate…
    .search = Search
    .narrow = Narrow down
    .apply = Apply filters
    .clear = Clear filters
    .any = Any
    .facet_skill = Skills
    .facet_kind = Kind of assistance
    .facet_mode = Place of work
    .facet_language = Languages
    .facet_sector = Sector
    .facet_place = Town
    .facet_rate_kind = Pay
    .facet_rate = Rate in euros
    .facet_verified = Verification
    .facet_available = Availability
    .hint_available = Hours in { $value }. The other side’s hours are converted.
    .verified = Verified profile
    .rate_min = From
    .rate_max = To
    .rate_hourly = By the hour
    .rate_monthly = Monthly package
    .rate_fixed = Fixed price
    .hours_most = Hours a week, at most
    .hours_least = Hours a week, at least
    .hours_a_week = { $n ->
        [one] { $n } hour a week
       *[other] { $n } hours a week
    }
    .hours_a_month = { $n ->
        [one] { $n } hour a month
       *[other] { $n } hours a month
    }
    .day_mon = Monday
    .day_tue = Tuesday
    .day_wed = Wednesday
    .day_thu = Thursday
    .day_fri = Friday
    .day_sat = Saturday
    .day_sun = Sunday
    .part_am = 9:00–12:00
    .part_pm = 14:00–18:00
    .part_eve = 18:00–21:00
    .sort = Sort by
    .sort_relevance = Relevance
    .sort_newest = Newest
    .sort_rate = Rate
    .count_jobs = { $n ->
        [0] No jobs
        [one] { $n } job
       *[other] { $n } jobs
    }
    .count_assistants = { $n ->
        [0] Nobody
        [one] { $n } assistant
       *[other] { $n } assistants
    }
    .widened = No listing has all of these words; here are some that have part of them.
    .fallback = The search index is being rebuilt. Meanwhile, here are the newest ones, without words or filters.
    .none = Nothing matches
    .none_hint = Try fewer words or fewer filters.
    .post_job = Post a job
    .feed = Follow this search as an Atom feed
    .feed_title = New jobs
    .feed_title_of = New jobs: { $value }
    .why = Why here?
    .why_part = { $a }: { $b }
    .why_text = Words and skills
    .why_recency = Newness
    .why_completeness = Complete profile
    .why_verified = Verification
    .why_reviews = Reviews
    .why_availability = Shared hours
    .why_newcomer = New profiles’ turn
    .value_unknown = This value is not understood; it was left out.
    .too_many = Too many choices at once.
    .ranking_lede = This page is generated from the very figures that the search uses.
    .ranking_sum = A result’s rank is a sum. Each line says what counts, and for how much.
    .ranking_table = What counts, and for how much
    .ranking_rule = Rule
    .ranking_figure = Weight
    .ranking_words = Accents, capitals, plural and gender do not count. One typing error a word is forgiven. A skill is found in French and in English.
    .ranking_sale = No place is for sale. Neither the price asked nor the commission is part of the sum.
    .ranking_demoted = A listing that a moderation decision demoted comes after all others; the person concerned knows the reasons.
