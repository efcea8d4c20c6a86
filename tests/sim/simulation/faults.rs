//! What goes wrong by itself, and how often.

use super::chance::Chance;

/// Something that goes wrong by itself, in a share of all cases or by a delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    MessageLost,
    MessageDoubled,
    MessageLate,
    /// Late messages do not hold up those behind them.
    MessageOvertakes,
    WriteFails,
    ReadFails,
    StoreSlow,
    StoreAnswerLate,
    WriteLostInCrash,
    CrashInTask,
    RequestLost,
    RequestLate,
    AnswerLost,
    AnswerLate,
    Refused,
    NotNow,
    BaseLate,
    LockLate,
    TimerLate,
    PresenceLate,
    /// The server asks everybody to hold back.
    Overloaded,
    /// What is sent contradicts what the server holds.
    Conflicts,
    /// The server does not know any more who calls.
    SignsOut,
}

impl Fault {
    pub const ALL: [Self; 23] = [
        Self::MessageLost,
        Self::MessageDoubled,
        Self::MessageLate,
        Self::MessageOvertakes,
        Self::WriteFails,
        Self::ReadFails,
        Self::StoreSlow,
        Self::StoreAnswerLate,
        Self::WriteLostInCrash,
        Self::CrashInTask,
        Self::RequestLost,
        Self::RequestLate,
        Self::AnswerLost,
        Self::AnswerLate,
        Self::Refused,
        Self::NotNow,
        Self::BaseLate,
        Self::LockLate,
        Self::TimerLate,
        Self::PresenceLate,
        Self::Overloaded,
        Self::Conflicts,
        Self::SignsOut,
    ];

    fn draw(self, chance: &mut Chance) -> u32 {
        match self.severity() {
            Severity::Rate(max) if chance.strikes(400) => 1 + chance.up_to(u64::from(max) - 1) as u32,
            Severity::Rate(_) => 0,
            Severity::Switch => u32::from(chance.strikes(300)),
            Severity::Delay { usual_ms, bad_ms } => [usual_ms, usual_ms, bad_ms][chance.below(3)],
        }
    }

    /// How bad it may be: out of a thousand cases, or the longest delay in milliseconds.
    const fn severity(self) -> Severity {
        match self {
            Self::WriteFails => Severity::Rate(150),
            Self::StoreSlow => Severity::Rate(100),
            Self::MessageLost | Self::MessageDoubled | Self::ReadFails | Self::StoreAnswerLate => {
                Severity::Rate(200)
            }
            Self::RequestLost | Self::AnswerLost => Severity::Rate(250),
            Self::MessageLate | Self::RequestLate | Self::AnswerLate | Self::Refused => Severity::Rate(300),
            Self::NotNow | Self::Overloaded => Severity::Rate(400),
            Self::Conflicts => Severity::Rate(800),
            Self::SignsOut => Severity::Rate(100),
            Self::WriteLostInCrash | Self::CrashInTask => Severity::Rate(1_000),
            Self::MessageOvertakes => Severity::Switch,
            Self::BaseLate => Severity::Delay { usual_ms: 20, bad_ms: 3_000 },
            Self::LockLate => Severity::Delay { usual_ms: 5, bad_ms: 2_000 },
            Self::TimerLate => Severity::Delay { usual_ms: 5, bad_ms: 1_000 },
            Self::PresenceLate => Severity::Delay { usual_ms: 5, bad_ms: 800 },
        }
    }
}

enum Severity {
    Rate(u32),
    Switch,
    Delay { usual_ms: u32, bad_ms: u32 },
}

/// How bad each fault is in one world: a rate out of a thousand, or the longest delay in milliseconds.
#[derive(Clone, Debug)]
pub struct Faults([u32; Fault::ALL.len()]);

impl Faults {
    /// Draws how bad each fault is: most of them off, some on, for a world in which everything fails at once never
    /// gets far enough to fail in an interesting way.
    pub fn draw(chance: &mut Chance) -> Self {
        Self(Fault::ALL.map(|fault| match fault {
            // Came later than the others, whose draws stay as they were.
            Fault::Overloaded | Fault::Conflicts | Fault::SignsOut => {
                chance.apart(10 + fault as u64, |chance| fault.draw(chance))
            }
            _ => fault.draw(chance),
        }))
    }

    /// Everything works, at an ordinary speed.
    pub fn none() -> Self {
        let mut faults = Self([0; Fault::ALL.len()]);
        for fault in Fault::ALL {
            faults.end(fault);
        }
        faults
    }

    pub const fn of(&self, fault: Fault) -> u32 {
        self.0[fault as usize]
    }

    pub const fn set(&mut self, fault: Fault, how_bad: u32) {
        self.0[fault as usize] = how_bad;
    }

    /// Leaves one fault out.
    pub const fn end(&mut self, fault: Fault) {
        self.0[fault as usize] = match fault.severity() {
            Severity::Delay { usual_ms, .. } => usual_ms,
            Severity::Rate(_) | Severity::Switch => 0,
        };
    }
}
