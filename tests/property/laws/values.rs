//! Values of every kind, small enough that two of them are often the same.

use std::rc::Rc;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::value::{Number, VIEWS, Value};

fn number() -> impl Strategy<Value = Number> {
    let usual = select(vec![0.0, -0.0, 1.0, -1.5, f64::NAN, f64::INFINITY, 5e-324]);
    prop_oneof![4 => usual, 1 => any::<f64>()].prop_map(Number)
}

fn name() -> impl Strategy<Value = Rc<str>> {
    select(vec!["", "a", "b", "ab", "10", "9", "__proto__", "\u{ffff}", "😀"]).prop_map(Rc::from)
}

fn bytes() -> impl Strategy<Value = Rc<[u8]>> {
    vec(0..3_u8, 0..3).prop_map(Rc::from)
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(vec![Value::Undefined, Value::Null, Value::Bool(false), Value::Bool(true)]),
        number().prop_map(Value::Number),
        prop_oneof![-2..3_i128, any::<i128>()].prop_map(Value::BigInt),
        name().prop_map(Value::Text),
        vec(0xd800..0xd803_u16, 1..3).prop_map(|units| Value::Units(units.into())),
        number().prop_map(Value::Date),
        bytes().prop_map(Value::Bytes),
        (select(VIEWS.to_vec()), bytes()).prop_map(|(kind, bytes)| Value::View(kind, bytes)),
    ]
}

/// Any value.
pub fn values() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 12, 3, |part| {
        let fields = || btree_map(name(), part.clone(), 0..3);
        prop_oneof![
            vec(part.clone(), 0..3).prop_map(Value::list),
            vec(part.clone(), 0..3).prop_map(|items| Value::Set(Rc::new(items))),
            vec((part.clone(), part.clone()), 0..3).prop_map(|pairs| Value::Map(Rc::new(pairs))),
            fields().prop_map(|fields| Value::Object(Rc::new(fields))),
            (0..3_u32, fields()).prop_map(|(length, fields)| Value::Sparse(length, Rc::new(fields))),
        ]
    })
}
