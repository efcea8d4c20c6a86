//! Work that ends later. It is always boxed: `spawn_local` costs half a kilobyte for every type of future.

use core::future::{Future, ready};
use core::pin::Pin;

use wasm_bindgen_futures::spawn_local;

/// Something that ends later.
pub(super) type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Has a task run. It begins after the call at hand.
pub(super) fn spawn(task: impl Future<Output = ()> + 'static) {
    let task: Later<()> = Box::pin(task);
    spawn_local(task);
}

/// What has ended already.
pub(super) fn at_once<T: 'static>(outcome: T) -> Later<T> {
    Box::pin(ready(outcome))
}
