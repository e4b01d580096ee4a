//! What a freelance hour is made of, shown beside a low rate. It informs; it never holds or ranks.

/// Shares of a self-employed hour in France, in basis points: dated figures of the site, not law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostShares {
    /// Social contributions on turnover (liberal activity, micro regime).
    pub contributions: i64,
    /// Hours worked that nobody pays: finding clients, papers, training, leave.
    pub unpaid_hours: i64,
    /// Equipment, insurance, software, connection.
    pub costs: i64,
}

pub const SHARES: CostShares = CostShares { contributions: 2_560, unpaid_hours: 3_000, costs: 1_000 };

/// Hourly rates below this many minor units show the sum (euro, and currencies near it).
pub const SHOWN_BELOW: i64 = 2_200;

/// What is left of an hourly rate (minor units) per hour really worked, rounded down.
pub fn left_per_hour(hourly: i64, shares: CostShares) -> i64 {
    let after_contributions = hourly - hourly * shares.contributions / 10_000;
    let after_costs = after_contributions - hourly * shares.costs / 10_000;
    after_costs * (10_000 - shares.unpaid_hours) / 10_000
}

/// The sum to show for a rate, or nothing when it needs no comment.
pub fn hint(hourly: i64) -> Option<i64> {
    (hourly > 0 && hourly < SHOWN_BELOW).then(|| left_per_hour(hourly, SHARES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_rate_shows_what_is_left_and_a_usual_one_shows_nothing() {
        assert_eq!(hint(1_500), Some(676));
        assert_eq!(hint(4_500), None);
        assert_eq!(hint(0), None);
    }
}
