#pragma once
/// A polite request to stop. SIGTERM and SIGINT set a flag that long work asks for at safe points; the second SIGINT ends at once.
#include "base/error.h"

namespace hone::base {

/// Installs the handlers; called once by main.
void listen_for_stop();
bool stop_requested();
/// Throws Error(stopped) when a stop was asked for; for work that has nothing to save.
void throw_if_stopped();

}  // namespace hone::base
