//! The audit trail in the browser: values digested where they lie, entries as plain objects, and a chain read.

use js_sys::{Array, Function, Object, Reflect};
use tabweave::engine::{
    Anchor, AuditEntry, AuditValues, Decided, Digest, Digests, Kept, OperationId, Resolution, Trail,
};
use tabweave::web::audit::{from_anchor, from_entry, to_anchor, to_entry, to_link, verify_audit};
use tabweave::web::digest::JsDigests;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{assert_rich, evaluate, rich_value};

/// Spells a text as its bytes, in two pieces, and anything but texts not at all.
fn spelling() -> Function {
    let spell = "(text) => {
        const bytes = new TextEncoder().encode(text.normalize());
        return [bytes.subarray(0, 1), bytes.subarray(1)];
    }";
    evaluate(spell).unchecked_into()
}

fn decided(result: &JsValue) -> Decided<JsValue> {
    Decided {
        at_ms: 1_700_000_000_000,
        who: Some("ann".to_owned()),
        operation: OperationId::from_bytes([4; 16]),
        collection: "notes".to_owned(),
        document: "n1".to_owned(),
        path: JsValue::from("title"),
        rule: "latest".to_owned(),
        kind: Resolution::Auto,
        base: None,
        local: Some(JsValue::UNDEFINED),
        server: None,
        result: Some(result.clone()),
    }
}

/// Three entries, one of them without values.
fn written(spell: &Function) -> (Trail, Vec<AuditEntry<JsValue>>) {
    let mut trail = Trail::new();
    let mut append = |result: &str, values| {
        trail.append(&mut JsDigests::by(spell), decided(&JsValue::from(result)), values)
    };
    let keep = AuditValues::Keep;
    let entries = vec![append("a", keep), append("b", AuditValues::Hash), append("c", keep)];
    (trail, entries)
}

fn as_objects(entries: &[AuditEntry<JsValue>]) -> Array {
    entries.iter().map(|entry| from_entry(entry).done()).collect()
}

/// What is found, as JSON.
fn found(anchor: &JsValue, entries: &Array, known: &JsValue) -> String {
    let verdict =
        verify_audit(anchor, entries, known, &spelling()).expect("the anchor and the link are valid");
    let findings = Reflect::get(&verdict, &"findings".into()).expect("it has findings");
    js_sys::JSON::stringify(&findings).expect("they are plain").into()
}

const NONE: JsValue = JsValue::UNDEFINED;

#[wasm_bindgen_test]
fn a_value_is_digested_by_its_spelling_and_by_one_byte_if_it_has_none() {
    let spell = spelling();
    let mut digests = JsDigests::by(&spell);
    assert_eq!(digests.digest(&JsValue::from("abc")), Digest::of(b"abc"));
    assert_eq!(digests.digest(&JsValue::from("")), Digest::of(b""));
    assert_eq!(digests.digest(&JsValue::from(7)), Digest::of(&[0]));
    for broken in ["() => 7", "() => [new Uint8Array([1]), 'x']", "() => { throw null }"] {
        let spell = evaluate(broken).unchecked_into();
        assert_eq!(JsDigests::by(&spell).digest(&JsValue::from("abc")), Digest::of(&[0]), "{broken}");
    }
}

#[wasm_bindgen_test]
fn an_entry_and_an_anchor_are_read_as_they_were_written() {
    let (mut trail, entries) = written(&spelling());
    for entry in &entries {
        assert_eq!(to_entry(&from_entry(entry).into()).as_ref(), Some(entry));
    }
    let anchor = trail.trim(9, entries[0].link()).expect("it is there").anchor;
    assert_eq!(to_anchor(&from_anchor(&anchor).into()), Some(anchor));
    assert_eq!(to_link(&from_anchor(&anchor).into()), Some(anchor.link()));
}

#[wasm_bindgen_test]
fn values_of_an_entry_pass_through_by_reference() {
    let value = rich_value();
    let spell = spelling();
    let entry = Trail::new().append(&mut JsDigests::by(&spell), decided(&value), AuditValues::Keep);
    let read = to_entry(&from_entry(&entry).into()).expect("it can be read");
    let Some(Kept::Value(result)) = read.decided.result else { panic!("the value was kept") };
    assert!(Object::is(&result, &value), "it is the same object");
    assert_rich(&result);
}

#[wasm_bindgen_test]
fn a_chain_is_read_and_what_is_wrong_is_told() {
    let (trail, entries) = written(&spelling());
    let known = JsValue::from(from_anchor(&Anchor::at(trail.head().expect("it has entries"), 0, 0, 0)));
    let chain = as_objects(&entries);
    assert_eq!(found(&NONE, &chain, &known), "[]");
    chain.pop();
    assert_eq!(found(&NONE, &chain, &known), r#"[{"fault":"missing","number":2,"through":2}]"#);

    let chain = as_objects(&entries);
    Reflect::set(&chain.get(0), &"result".into(), &evaluate("{ value: 'z' }")).expect("it can be set");
    assert_eq!(found(&NONE, &chain, &NONE), r#"[{"fault":"changed","at":0,"number":0,"through":0}]"#);
}

#[wasm_bindgen_test]
fn a_chain_is_read_from_its_anchor_on() {
    let (mut trail, entries) = written(&spelling());
    let anchor = trail.trim(9, entries[0].link()).expect("it is there").anchor;
    let written = from_anchor(&anchor).into();
    assert_eq!(found(&written, &as_objects(&entries[1..]), &NONE), "[]");
    Reflect::set(&written, &"unexported".into(), &JsValue::from(0)).expect("it can be set");
    let changed = r#"[{"fault":"anchor_changed","number":0,"through":0}]"#;
    assert_eq!(found(&written, &as_objects(&entries[1..]), &NONE), changed);
}

#[wasm_bindgen_test]
fn an_entry_with_one_wrong_field_is_unreadable_and_the_rest_is_read() {
    let (_, entries) = written(&spelling());
    let unreadable = r#"[{"fault":"unreadable","at":1,"number":1,"through":1}]"#;
    let wrong = [
        ("number", "-1"),
        ("number", "1e300"),
        ("number", "1n"),
        ("atMs", "NaN"),
        ("who", "null"),
        ("operation", "'x'"),
        ("collection", "undefined"),
        ("document", "['n1']"),
        ("rule", "Symbol()"),
        ("kind", "'toString'"),
        ("base", "null"),
        ("base", "{}"),
        ("base", "{ value: 1, hash: 'x' }"),
        ("base", "{ hash: 'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD' }"),
        ("previous", "''"),
        ("hash", "{ toString: () => '0'.repeat(64) }"),
    ];
    for (field, value) in wrong {
        let chain = as_objects(&entries);
        Reflect::set(&chain.get(1), &field.into(), &evaluate(value)).expect("it can be set");
        assert_eq!(found(&NONE, &chain, &NONE), unreadable, "{field}: {value}");
    }
    for entry in ["null", "undefined", "7", "'x'", "{}", "new Proxy({}, { get() { throw null } })"] {
        let chain = as_objects(&entries);
        chain.set(1, evaluate(entry));
        assert_eq!(found(&NONE, &chain, &NONE), unreadable, "{entry}");
    }
}

#[wasm_bindgen_test]
fn what_is_no_anchor_and_no_link_is_refused() {
    let none = Array::new();
    for (anchor, known) in [("{}", "undefined"), ("null", "undefined"), ("undefined", "{ number: 1 }")] {
        let refused = verify_audit(&evaluate(anchor), &none, &evaluate(known), &spelling());
        let code = Reflect::get(&refused.expect_err("it is refused"), &"code".into());
        assert_eq!(code, Ok(JsValue::from("invalid_argument")));
    }
}
