#pragma once
/// Misbehaviour on demand, so that tests can show what a broken parser costs. Reached only under `hone-read
/// --test-faults`.
///
/// A text "HONE-READ-TEST-FAULT: <what>" makes the process crash | hang | sleep | balloon, or, with `escape`,
/// try what the sandbox forbids: the text is then replaced by what each attempt answered.
#include "document/document.h"

namespace hone::document {

void misbehave_if_told(Item& item);

}  // namespace hone::document
