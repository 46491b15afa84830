#pragma once

#include <cstdint>
#include <vector>

#include "app/demo/life.h"
#include "app/demo/life_builder.h"

namespace thaw::demo {

struct Population {
  std::vector<Life> lives;
  Situations situations;
};

/// The same seed and number give the same lives on every machine.
Population make_population(std::uint64_t seed, std::size_t members);

/// A member who loads now and then, with the usual mishaps.
void live_ordinarily(LifeBuilder& builder);

/// A life made for one rule: about so many of a thousand members lead it.
struct Story {
  const char* name;
  std::uint64_t per_mille;
  void (*live)(LifeBuilder&);
};
const std::vector<Story>& stories();

/// Card payments of `minor` in all, safely inside the window, nothing unusual about them.
void pay_plainly(LifeBuilder& builder, std::int64_t minor);

}  // namespace thaw::demo
