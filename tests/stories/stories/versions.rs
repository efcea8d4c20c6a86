//! Beside a newer version of the app.

use tabweave::engine::{DiagnosticCode, OperationState};

use crate::stage::Stage;
use crate::support::host::NAMES;
use crate::support::value::Value;

#[test]
fn what_a_newer_version_has_done_while_this_tab_slept_is_neither_sent_nor_written_again() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&NAMES, false);
    let [id, other] = ["a", "b"].map(|document| stage.mutate(tab, "patch", document, 1.0));
    stage.suspend(tab);
    let mut done = stage.store.operations[&id].clone();
    done.state = OperationState::Done { result: Value::Null, at_ms: 0 };
    stage.overtake(done.clone());
    stage.resume(tab);
    stage.with(tab, |engine, _, now| engine.handle_connection(now, true));
    assert_eq!((stage.leads(tab), stage.calls(tab)), (true, vec![other]));
    stage.accept(tab);
    stage.wait(600_000);
    assert_eq!(stage.store.operations.get(&id), Some(&done));
    assert_eq!(stage.settlements(tab, id), Vec::<&str>::new());
    assert_eq!(stage.diagnostics(tab)[0], DiagnosticCode::RecordUnreadable);
    assert!(stage.with(tab, |engine, _, _| engine.status().update_available));
}

#[test]
fn an_outdated_tab_keeps_no_results_in_place_of_a_newer_ones() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    let known = stage.store.operations[&id].clone();
    stage.suspend(tab);
    stage.overtake(known);
    stage.resume(tab);
    stage.base(tab, &[("a", 1.0)], &[]);
    stage.wait(1_000);
    assert!(stage.store.queries.is_empty());
}
