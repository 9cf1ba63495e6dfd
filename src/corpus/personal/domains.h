#pragma once
/// Which words end a domain name: country codes (ISO 3166-1 and the reserved ones in the root zone), generic domains in wide use,
/// names in other scripts ("xn--…") and the names of RFC 2606, RFC 6761 and company networks. package@1.2.3, logo@2x.png and
/// what recognition makes of a sentence end in none of them.
#include <string_view>

namespace hone::corpus::personal {

/// Any case.
bool is_top_level_domain(std::string_view word);

}  // namespace hone::corpus::personal
