//! What values are measured by.

use std::cmp::Ordering;

use tabweave::engine::merge::{Measure, Picked, Side};

use super::Sides;
use super::value::{Number, Value};

/// What the measure says of two values, and the value that it makes of them.
pub(super) fn measure(sides: &Sides, measure: Measure) -> (Picked, Option<Value>) {
    let (Some(local), Some(server)) = (&sides.local, &sides.server) else { return (Picked::Unfit, None) };
    let picked = match measure {
        Measure::Sum => {
            let sum = sum(sides.base.as_ref(), local, server);
            return (if sum.is_some() { Picked::Made } else { Picked::Unfit }, sum);
        }
        Measure::Max => later_of(size_order(local, server)),
        Measure::Min => later_of(size_order(local, server).map(Ordering::reverse)),
        Measure::Latest => later_of(moment_order(local, server)),
        Measure::NotNull => match (is_nothing(local), is_nothing(server)) {
            (false, false) => Picked::Even,
            (false, true) => Picked::Side(Side::Local),
            (true, _) => Picked::Side(Side::Server),
        },
    };
    (picked, None)
}

fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Undefined)
}

/// The base with what both added. What was not there, or nothing, counts as none.
fn sum(base: Option<&Value>, local: &Value, server: &Value) -> Option<Value> {
    let base = base.filter(|base| !is_nothing(base));
    match (local, server, base) {
        (Value::Number(local), Value::Number(server), None | Some(Value::Number(_))) => {
            let former = base.and_then(Value::as_number).unwrap_or(0.0);
            let sum = local.0 + server.0 - former;
            sum.is_finite().then(|| Value::number(sum))
        }
        (Value::BigInt(local), Value::BigInt(server), None | Some(Value::BigInt(_))) => {
            let former = if let Some(Value::BigInt(base)) = base { *base } else { 0 };
            Some(Value::BigInt(local + server - former))
        }
        _ => None,
    }
}

fn later_of(order: Option<Ordering>) -> Picked {
    match order {
        Some(Ordering::Greater) => Picked::Side(Side::Local),
        Some(Ordering::Less) => Picked::Side(Side::Server),
        Some(Ordering::Equal) => Picked::Even,
        None => Picked::Unfit,
    }
}

/// Two numbers, two big ones, or two dates. NaN is no size.
fn size_order(local: &Value, server: &Value) -> Option<Ordering> {
    match (local, server) {
        (Value::Number(local), Value::Number(server)) | (Value::Date(local), Value::Date(server)) => {
            local.0.partial_cmp(&server.0)
        }
        (Value::BigInt(local), Value::BigInt(server)) => Some(local.cmp(server)),
        _ => None,
    }
}

/// A moment, in milliseconds since 1970.
enum Moment {
    Number(f64),
    Big(i128),
}

fn moment_order(local: &Value, server: &Value) -> Option<Ordering> {
    match (moment_of(local)?, moment_of(server)?) {
        (Moment::Big(local), Moment::Big(server)) => Some(local.cmp(&server)),
        (Moment::Number(local), Moment::Number(server)) => local.partial_cmp(&server),
        (Moment::Big(local), Moment::Number(server)) => Some(big_order(local, server)),
        (Moment::Number(local), Moment::Big(server)) => Some(big_order(server, local).reverse()),
    }
}

/// Exactly: what a number has behind the point counts too.
fn big_order(big: i128, number: f64) -> Ordering {
    // Beyond what an i128 holds the conversion gives the largest or the smallest one.
    let whole = number.trunc() as i128;
    let rest = if number > number.trunc() {
        Ordering::Less
    } else if number < number.trunc() {
        Ordering::Greater
    } else {
        Ordering::Equal
    };
    big.cmp(&whole).then(rest)
}

/// The moment that a value is, as near as a number comes to it.
pub fn moment_ms(value: &Value) -> Option<f64> {
    Some(match moment_of(value)? {
        Moment::Number(ms) => ms + 0.0,
        Moment::Big(ms) => ms as f64,
    })
}

fn moment_of(value: &Value) -> Option<Moment> {
    match value {
        Value::Number(Number(ms)) | Value::Date(Number(ms)) => ms.is_finite().then_some(Moment::Number(*ms)),
        Value::BigInt(ms) => Some(Moment::Big(*ms)),
        Value::Text(text) => iso_ms(text).map(|ms| Moment::Number(ms as f64)),
        _ => None,
    }
}

/// A date, or a date and a time of day with its zone, as ISO 8601 writes them. Of a second the first three digits count.
pub fn iso_ms(text: &str) -> Option<i64> {
    let mut rest = Reading(text.as_bytes());
    let year = rest.number(4)?;
    let month = rest.after(b'-')?.number(2)?;
    let day = rest.after(b'-')?.number(2)?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let days = days_since_1970(year, month, day);
    if rest.0.is_empty() {
        return Some(days * DAY_MS);
    }
    let hour = rest.after(b'T')?.number(2).filter(|hour| *hour < 24)?;
    let minute = rest.after(b':')?.number(2).filter(|minute| *minute < 60)?;
    let mut ms = (hour * 60 + minute) * MINUTE_MS;
    if rest.after(b':').is_some() {
        ms += rest.number(2).filter(|second| *second < 60)? * 1_000;
        if rest.after(b'.').is_some() {
            ms += rest.thousandths()?;
        }
    }
    if rest.after(b'Z').is_none() {
        let sign = if rest.after(b'+').is_some() { 1 } else { rest.after(b'-').map(|_| -1)? };
        let hours = rest.number(2).filter(|hour| *hour < 24)?;
        let minutes = rest.after(b':')?.number(2).filter(|minute| *minute < 60)?;
        ms -= sign * (hours * 60 + minutes) * MINUTE_MS;
    }
    rest.0.is_empty().then_some(days * DAY_MS + ms)
}

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

struct Reading<'a>(&'a [u8]);

impl Reading<'_> {
    fn after(&mut self, sign: u8) -> Option<&mut Self> {
        self.0 = self.0.strip_prefix(&[sign])?;
        Some(self)
    }

    fn digit(&mut self) -> Option<i64> {
        let (digit, rest) = self.0.split_first()?;
        digit.is_ascii_digit().then(|| {
            self.0 = rest;
            i64::from(digit - b'0')
        })
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        (0..digits).try_fold(0, |number, _| Some(10 * number + self.digit()?))
    }

    /// From one to nine digits behind the point.
    fn thousandths(&mut self) -> Option<i64> {
        let digits: Vec<i64> = std::iter::from_fn(|| self.digit()).take(10).collect();
        let is_fit = (1..=9).contains(&digits.len());
        is_fit.then(|| digits.iter().zip([100, 10, 1]).map(|(digit, weight)| digit * weight).sum())
    }
}

fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// By counting leap days: years begin in March for that.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let years = if month > 2 { year } else { year - 1 };
    let months = (month + 9) % 12;
    let leaps = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
    365 * years + leaps + (153 * months + 2) / 5 + day - 1 - 719_468
}
