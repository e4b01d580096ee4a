bids =
    .title_new = Place a bid
    .title_edit = Edit the bid
    .title_show = Bid
    .title_own = Your bid
    .title_mine = My bids
    .title_compare = Bids side by side
    .bid_of = Bid from { $value }
    .candidate = Candidate { $value }
    .client_maximum = Highest rate: { $value }
    .left_this_week =
        { $n ->
            [0] You have used all your bids for this week
            [one] One bid left this week
           *[other] { $n } bids left this week
        }
    .free_and_sealed = Free, and hidden from other assistants
    .see_running = See your running bid
    .text_kept = Your text is kept in your drafts.
    .before_sign_up = You can write everything before you sign up: the draft follows you.
    .sign_in_to_send = Your bid is saved. Sign in or sign up to send it.
    .part_rate = Your rate
    .label_rate_kind = How do you charge?
    .kind_hourly = By the hour
    .kind_fixed = A fixed price
    .kind_monthly = By the month
    .rate_hourly = { $value } an hour
    .rate_fixed = { $value } in all
    .rate_monthly =
        { $n ->
            [one] { $value } a month for one hour
           *[other] { $value } a month for { $n } hours
        }
    .label_rate = Amount
    .label_hours = Hours a month
    .client_pays = The client pays
    .fee = Site fee
    .you_receive = You receive
    .assistant_receives = The assistant receives
    .label_above = Why above the maximum?
    .hint_above = Only if your rate is above the stated maximum: the client will read this reason.
    .above_title = Above the maximum, because
    .above_badge = Above the maximum
    .part_words = Your message
    .label_message = Message to the client
    .hint_message = What you understood of the need, what you have done before that resembles it, and how you would go about it.
    .label_samples = Work to show
    .hint_samples = A confidential piece that you tick becomes visible to this client, and to nobody else.
    .part_plan = Milestones
    .hint_plan = Split the work if that helps. For a fixed price the amounts add up to the total.
    .step = Milestone { $value }
    .label_step_title = What is delivered
    .label_step_amount = Amount
    .label_step_due = Due on
    .part_trial = Paid trial
    .hint_trial = Five hours at most, paid, to get to know each other.
    .label_trial_hours = Trial hours
    .label_trial_amount = Price of the trial
    .trial_line =
        { $n ->
            [one] One hour, { $value }
           *[other] { $n } hours, { $value }
        }
    .part_dates = Dates
    .label_start = Available from
    .label_valid = Valid until
    .hint_valid = Thirty days if you leave it empty.
    .save = Save
    .send = Send the bid
    .keep_and_sign_in = Keep it and sign in
    .back_to_job = Back to the job
    .draft_saved = Draft saved at { $value }
    .sent = Bid sent. The client has been told.
    .revised = Bid changed.
    .filter = Filter
    .filter_all = All
    .filter_live = Running
    .filter_ended = Ended
    .drafts = Drafts
    .empty_mine = No bids yet
    .empty_mine_hint = Look for a job that suits you, then say how you would go about it.
    .find_jobs = Find a job
    .sent_on = Sent: { $value }
    .stands_until = Valid until: { $value }
    .version_number = Version { $value }
    .was_invited = Invited
    .blind_hint = Blind shortlist: names, photos and dates appear once you shortlist a candidate.
    .answers = Answers to the questions
    .samples = Samples of work
    .sample_was_asked = The client would like to see this confidential piece.
    .sample_waits = Asked for: the assistant has not answered yet.
    .samples_after_shortlisting = This bid comes with samples of work. They appear with the name, once you have shortlisted this person.
    .samples_closed = The samples that came with this bid can no longer be seen, because it came to nothing.
    .sample_asked = Request sent.
    .sample_granted = The client can now see this piece.
    .grant = Show it to this client
    .versions = Versions
    .version_until = Version { $a }, until { $b }
    .then_changed = Changed next:
    .changed_rate = rate
    .changed_message = message
    .changed_answers = answers
    .changed_samples = samples
    .changed_plan = milestones
    .changed_trial = paid trial
    .changed_start = start date
    .changed_validity = validity
    .changed_reason = reason for the higher rate
    .job_maximum = The client’s maximum
    .propose_interview = Propose an interview
    .make_offer = Make an offer
    .edit = Edit
    .share_hours = Share my free hours
    .write = Write a message
    .see_profile = See the profile
    .shortlist = Shortlist
    .shortlisted = Candidate shortlisted.
    .unlist = Take off the shortlist
    .unlisted = The candidate is off the shortlist.
    .decline = Decline
    .label_reason = Reason
    .label_word = A word to the assistant
    .decline_now = Decline this bid
    .declined = Bid declined. The assistant is told, with your reason.
    .withdraw = Withdraw my bid
    .withdraw_consequence = The client can no longer choose it. You may send another as long as the job is open.
    .withdraw_now = Withdraw
    .withdrawn = Bid withdrawn.
    .report = Report
    .reason_missing = Choose a reason.
    .reason_skills = The skills do not match
    .reason_rate = The rate does not suit
    .reason_availability = The availability does not suit
    .reason_chose_another = Somebody else was chosen
    .reason_job_changed = The need has changed
    .reason_other = Another reason
    .lapsed_validity = The bid is past its last day.
    .lapsed_job_closed = The client closed the job.
    .lapsed_job_filled = The job is filled.
    .lapsed_job_expired = The job reached its end.
    .lapsed_job_removed = A moderator removed the job.
    .ended_next = This bid has ended; you can still read it here.
    .state_draft = Draft
    .state_sent = Sent
    .state_seen = Seen
    .state_shortlisted = Shortlisted
    .state_interviewing = Interviewing
    .state_offered = Offer running
    .state_hired = Hired
    .state_declined = Declined
    .state_withdrawn = Withdrawn
    .state_lapsed = Lapsed
    .count_live =
        { $n ->
            [0] No running bids
            [one] One running bid
           *[other] { $n } running bids
        }
    .steps_count =
        { $n ->
            [one] One milestone
           *[other] { $n } milestones
        }
    .empty_job = No bids yet
    .empty_job_hint = Invite assistants whose profile speaks to you: answers come faster.
    .find_assistants = Find assistants
    .open = Read
    .ended_list = Ended
    .not_sent = This bid has not been sent yet.
    .already_sent = This bid has been sent already.
    .ended = This bid has ended.
    .already_shortlisted = This candidate is on the shortlist already.
    .not_shortlisted = This candidate is not on the shortlist.
    .further_on = This candidate is already at an interview or an offer.
    .offer_running = An offer is running: answer it or take it back first.
    .not_offered = No offer is running on this bid.
    .already_hired = This person has been hired already.
    .already_bid = You already have a running bid on this job.
    .job_closed = This job no longer takes bids.
    .own_job = This job belongs to your own organisation.
    .invited_only = This job is by invitation.
    .weekly_limit = You have sent your 15 bids of the week. The count starts again on Monday.
    .not_a_sample = Choose among your own pieces of work.
    .sample_is_public = This piece is public already.
    .day_past = This date is past.
    .valid_too_long = A bid stands for 90 days at most.
    .above_maximum = Your rate is above the client’s maximum: say why.
    .too_long = This text is too long.
    .too_many = { $value } at most.
    .message_missing = Write a message to the client.
    .answer_missing = Answer this question.
    .too_many_answers = There are more answers than questions.
    .step_title = Say in one line what is delivered.
    .plan_sum = For a fixed price the milestones must add up to the total.
    .trial_hours = A trial takes one to five hours.
    .part_message = The message
