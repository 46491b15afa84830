#include "app/cli/cli.h"

int main(int argc, char** argv) {
  return thaw::cli::run(argc, argv);
}
