//! What happens on a panic: it is a bug, it is printed, and the object in which it happened is dead.
//!
//! WebAssembly does not unwind: whatever was borrowed stays borrowed. A call from the package ends in a
//! `RuntimeError`, but a message, a lock or a timer has no caller who could see that. So the hook tells the
//! driver that was at work, and the driver tells its host.

use std::cell::RefCell;
use std::panic::{self, PanicHookInfo};
use std::rc::Weak;
use std::sync::Once;

use super::driver::Driver;

thread_local! {
    static AT_WORK: RefCell<Weak<Driver>> = const { RefCell::new(Weak::new()) };
}

static INSTALL: Once = Once::new();

/// Has panics printed and reported. Does nothing the second time.
pub(super) fn install_hook() {
    INSTALL.call_once(|| panic::set_hook(Box::new(report)));
}

/// Until the former driver is put back, a panic is this driver's.
pub(super) fn put_at_work(driver: Weak<Driver>) -> Weak<Driver> {
    AT_WORK.replace(driver)
}

fn report(panic: &PanicHookInfo<'_>) {
    console_error_panic_hook::hook(panic);
    let driver = AT_WORK.take().upgrade();
    if let Some(driver) = driver {
        driver.crash();
    }
}
