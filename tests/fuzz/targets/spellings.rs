//! What records spell as texts: identifiers and the names of states, reasons, failures and terms. Whatever the text
//! is, reading it does no harm, and what is read is written as it was.

use arbitrary::{Arbitrary, Result, Unstructured};
use tabweave::engine::{
    FailedKind, FailureCode, Hindrance, OperationId, ParkReason, Priority, StoreId, TabId, WaitReason, Wish,
};

/// A text, more often than by chance one that is nearly right.
#[derive(Debug)]
pub struct Script {
    text: String,
    hindrance: Option<Hindrance>,
}

const HINDRANCES: [Option<Hindrance>; 6] = [
    None,
    Some(Hindrance::Connection),
    Some(Hindrance::Server),
    Some(Hindrance::Overload),
    Some(Hindrance::Handler),
    Some(Hindrance::Creator),
];

impl<'a> Arbitrary<'a> for Script {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let hindrance = *bytes.choose(&HINDRANCES)?;
        let mut text = match bytes.ratio(1, 2)? {
            true => OperationId::from_bytes(bytes.arbitrary()?).to_string(),
            false => bytes.arbitrary::<&str>()?.to_owned(),
        };
        if bytes.ratio(1, 2)? {
            let inserted = bytes.arbitrary::<char>()?;
            let places: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
            if !places.is_empty() {
                let at = *bytes.choose(&places)?;
                let is_replaced = bytes.arbitrary()?;
                let end =
                    if is_replaced { at + text[at..].chars().next().map_or(0, char::len_utf8) } else { at };
                text.replace_range(at..end, inserted.encode_utf8(&mut [0; 4]));
            }
        }
        Ok(Self { text, hindrance })
    }
}

impl Script {
    pub fn run(self) {
        let text = self.text.as_str();
        let written = [
            text.parse::<OperationId>().ok().map(|id| id.to_string()),
            text.parse::<TabId>().ok().map(|id| id.to_string()),
            text.parse::<StoreId>().ok().map(|id| id.to_string()),
        ];
        // One identifier has one spelling, whatever it identifies.
        assert!(written.iter().all(|other| *other == written[0]));
        assert!(written[0].as_deref().is_none_or(|spelling| spelling == text));
        let names = [
            WaitReason::from_name(text).map(WaitReason::name),
            ParkReason::from_name(text).map(ParkReason::name),
            FailureCode::from_name(text).map(FailureCode::name),
            Hindrance::from_name(text).map(Hindrance::name),
            Priority::from_name(text).map(Priority::name),
            Wish::from_name(text).map(Wish::name),
            FailedKind::from_name(text, self.hindrance).map(FailedKind::name),
        ];
        assert!(names.into_iter().flatten().all(|name| name == text));
        let kind = FailedKind::from_name(text, self.hindrance);
        let hindrance = kind.and_then(FailedKind::hindrance);
        assert!(self.hindrance.is_none() || hindrance.is_none() || hindrance == self.hindrance);
    }
}
