//! Rebasing: in whatever order operations settle, are refused or withdrawn, and whatever the server sends between,
//! a tab shows the server's results with what is still pending carried out over them.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tabweave::engine::{
    Body, FailedKind, Hindrance, OperationId, OperationRequest, Outcome, QueryToken, Terms,
};

use super::lone_tab::LoneTab;
use super::scripts;
use crate::support::host::{arguments, query_value};
use crate::support::value::Value;

const DOCUMENTS: [&str; 3] = ["c1", "c2", "c3"];
const FIELDS: [&str; 2] = ["name", "city"];
const QUERIES: [&str; 3] = ["cards:*", "cards:c1", "cards:c2"];
const SCOPES: [&str; 2] = ["cards", "others"];
const NAMES: [&str; 6] = ["insert", "patch", "strict_patch", "remove", "increment", "edit"];

/// What a person does.
#[derive(Clone, Debug)]
struct Deed {
    name: &'static str,
    document: &'static str,
    field: &'static str,
    value: usize,
    scope: &'static str,
    repeatable: bool,
    confirmed_by_key: bool,
}

/// What the server may answer.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Accepted,
    AcceptedAndSeen,
    Rejected,
    Retryable,
    Unknown,
}

#[derive(Clone, Debug)]
enum Step {
    Do(Deed),
    Answer {
        which: Index,
        answer: Answer,
    },
    /// The server sends a query's documents; everything sent contains these operations.
    Send {
        query: &'static str,
        documents: Vec<(&'static str, usize)>,
        seen: Vec<Index>,
    },
    Cancel {
        which: Index,
    },
    Retry {
        which: Index,
    },
    LookAway {
        query: &'static str,
    },
    Commit,
    Fail,
    Pass {
        ms: u64,
    },
}

fn name_of(names: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(names)
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = (name_of(&NAMES), name_of(&DOCUMENTS), name_of(&FIELDS), 0..1_000_usize);
    (who, name_of(&SCOPES), any::<bool>(), prop::bool::weighted(0.7)).prop_map(
        |((name, document, field, value), scope, repeatable, confirmed_by_key)| Deed {
            name,
            document,
            field,
            value,
            scope,
            repeatable,
            confirmed_by_key,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    use Answer::*;
    let answers = prop::sample::select(vec![
        Accepted,
        Accepted,
        AcceptedAndSeen,
        Rejected,
        Rejected,
        Retryable,
        Unknown,
    ]);
    let documents = vec((name_of(&DOCUMENTS), 0..1_000_usize), 0..4);
    prop_oneof![
        6 => deed().prop_map(Step::Do),
        6 => (any::<Index>(), answers).prop_map(|(which, answer)| Step::Answer { which, answer }),
        4 => (name_of(&QUERIES), documents, vec(any::<Index>(), 0..3))
            .prop_map(|(query, documents, seen)| Step::Send { query, documents, seen }),
        1 => any::<Index>().prop_map(|which| Step::Cancel { which }),
        1 => any::<Index>().prop_map(|which| Step::Retry { which }),
        1 => name_of(&QUERIES).prop_map(|query| Step::LookAway { query }),
        10 => Just(Step::Commit),
        1 => Just(Step::Fail),
        2 => (0..12_000_u64).prop_map(|ms| Step::Pass { ms }),
    ]
}

fn request(number: usize, deed: &Deed) -> OperationRequest<Value> {
    let value = Value::number(deed.value as f64);
    let body = match deed.name {
        "edit" => Body::Edit {
            collection: "cards".to_owned(),
            document: deed.document.to_owned(),
            base: Value::Undefined,
            next: document(deed.document, deed.field, value),
        },
        _ => Body::Intent { arguments: arguments("cards", deed.document, deed.field, value) },
    };
    let mut id = [0; 16];
    // Not in the order of acceptance, so that nothing can lean on it.
    id[0] = (number * 101 % 251) as u8;
    id[1] = number as u8;
    OperationRequest {
        id: OperationId::from_bytes(id),
        name: deed.name.to_owned(),
        body,
        scope: deed.scope.to_owned(),
        repeatable: deed.repeatable,
        confirmed_by_key: deed.confirmed_by_key,
        bytes: 1_000,
        terms: Terms::default(),
    }
}

fn document(key: &str, field: &str, value: Value) -> Value {
    Value::object([("_id", Value::text(key)), (field, value)])
}

fn outcome(answer: Answer) -> Outcome<Value> {
    let said = Value::text("the server says so");
    match answer {
        Answer::Accepted => Outcome::Accepted { result: said, seen: false },
        Answer::AcceptedAndSeen => Outcome::Accepted { result: said, seen: true },
        Answer::Rejected => Outcome::failed(FailedKind::Rejected, said),
        Answer::Retryable => Outcome::failed(FailedKind::Retryable(Hindrance::Server), said),
        Answer::Unknown => Outcome::failed(FailedKind::Unknown(Hindrance::Connection), said),
    }
}

fn chosen(which: Index, among: &[OperationId]) -> Option<OperationId> {
    (!among.is_empty()).then(|| *which.get(among))
}

fn take(tab: &mut LoneTab, number: usize, step: Step) {
    match step {
        Step::Do(deed) => {
            tab.accept(request(number, &deed));
        }
        Step::Answer { which, answer } if !tab.under_way.is_empty() => {
            tab.answer(which.index(tab.under_way.len()), outcome(answer));
        }
        Step::Answer { .. } => {}
        Step::Send { query, documents, seen } => {
            let lists_one = query.split_once(':').map(|(_, which)| which).filter(|which| *which != "*");
            let documents: BTreeMap<_, _> = documents
                .into_iter()
                .filter(|(key, _)| lists_one.is_none_or(|one| one == *key))
                .map(|(key, value)| (key, document(key, "name", Value::number(value as f64))))
                .collect();
            let seen = seen.into_iter().filter_map(|which| chosen(which, &tab.accepted)).collect();
            tab.update_base(QueryToken::new(query), query_value(number as u64, documents.values()), seen);
        }
        Step::Cancel { which } => {
            if let Some(id) = chosen(which, &tab.accepted) {
                tab.cancel(id);
            }
        }
        Step::Retry { which } => {
            if let Some(id) = chosen(which, &tab.accepted) {
                tab.retry(id);
            }
        }
        Step::LookAway { query } => tab.look_away(&QueryToken::new(query)),
        Step::Commit => {
            tab.commit();
        }
        Step::Fail => tab.fail(),
        Step::Pass { ms } => tab.pass(ms),
    }
}

/// All goes well from here on: the store writes, the server accepts, people try again what stopped.
fn heal(tab: &mut LoneTab) {
    for _ in 0..2_000 {
        tab.commit_all();
        let parked: Vec<_> =
            tab.engine.operations().filter(|one| one.state.name() == "parked").map(|one| one.id).collect();
        for id in parked {
            tab.retry(id);
        }
        tab.commit_all();
        if !tab.under_way.is_empty() {
            tab.answer(0, outcome(Answer::Accepted));
        } else if tab.engine.operations().all(|operation| operation.is_finished()) {
            return;
        } else {
            tab.pass(1_000);
        }
    }
    panic!("operations do not come to an end: {:?}", tab.engine.operations().collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(scripts(192))]

    #[test]
    fn the_view_is_the_fold_of_what_is_pending_over_the_base(steps in vec(step(), 0..80)) {
        let mut tab = LoneTab::leading();
        for (number, step) in steps.into_iter().enumerate() {
            take(&mut tab, number, step);
            tab.check_pending();
            tab.check_views();
        }
    }

    #[test]
    fn what_is_refused_is_undone_under_what_came_after_it(
        deeds in vec(deed(), 1..8),
        order in any::<Index>(),
    ) {
        let mut tab = LoneTab::leading();
        let known = DOCUMENTS.map(|key| document(key, "name", Value::text("Ada")));
        tab.update_base(QueryToken::new("cards:*"), query_value(0, &known), Vec::new());
        for (number, deed) in deeds.into_iter().enumerate() {
            tab.accept(request(number, &deed));
        }
        tab.commit_all();
        while !tab.under_way.is_empty() {
            tab.answer(order.index(tab.under_way.len()), outcome(Answer::Rejected));
            tab.commit_all();
            tab.check_pending();
            tab.check_views();
        }
        let left = tab.engine.view(&QueryToken::new("cards:*")).expect("the server sent it");
        prop_assert_eq!(left.value, &query_value(0, &known), "all are refused, so nothing is left of them");
    }

    #[test]
    fn in_the_end_a_tab_shows_what_the_server_has(steps in vec(step(), 0..60)) {
        let mut tab = LoneTab::leading();
        for (number, step) in steps.into_iter().enumerate() {
            take(&mut tab, number, step);
        }
        heal(&mut tab);
        let last = query_value(1_000, &[document("c1", "name", Value::text("Grace"))]);
        let seen = tab.accepted.clone();
        for query in ["cards:*", "cards:c1"] {
            tab.update_base(QueryToken::new(query), last.clone(), seen.clone());
        }
        tab.pass(3_000);
        prop_assert_eq!(tab.engine.pending().count(), 0);
        for query in ["cards:*", "cards:c1"] {
            prop_assert_eq!(tab.engine.view(&QueryToken::new(query)).map(|view| view.value), Some(&last));
        }
    }
}
