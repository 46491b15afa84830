#include "domain/dead_letters.h"

#include "domain/keys.h"

namespace thaw {

void put_dead_letter(Work& work, const DeadLetter& letter) {
  work.put(keys::dead_letter(letter.consumer, letter.item), letter);
}

}  // namespace thaw
