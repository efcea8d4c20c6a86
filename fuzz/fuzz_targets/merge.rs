#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|script: targets::Merge| script.run());
