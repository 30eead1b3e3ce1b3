package dev.featuremap.job.models.pytorch;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names that {@code nn.ModuleDict} refuses for a module, with a {@code KeyError}: those of its own
 * attributes, in any version of PyTorch from 1.8 to 2.15. All that begin with an underscore count
 * as such.
 */
final class ReservedNames {
  private static final Set<String> NAMES =
      Arrays.stream(
              """
              T_destination add_module apply bfloat16 buffers call_super_init children clear compile
              copy cpu cuda double dump_patches eval extra_repr float forward fromkeys get get_buffer
              get_extra_state get_parameter get_submodule half has_hooks ipu items keys
              load_state_dict modules mtia named_buffers named_children named_modules
              named_parameters parameters pop popitem register_backward_hook register_buffer
              register_forward_hook register_forward_pre_hook register_full_backward_hook
              register_full_backward_pre_hook register_load_state_dict_post_hook
              register_load_state_dict_pre_hook register_module register_parameter
              register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
              set_extra_state set_submodule setdefault share_memory state_dict to to_empty train
              training type update values xpu zero_grad
              """
                  .split("\\s+"))
          .collect(Collectors.toSet());

  private ReservedNames() {}

  /** True if a module of that name cannot be in an {@code nn.ModuleDict}. */
  static boolean contains(String name) {
    return name.startsWith("_") || NAMES.contains(name);
  }
}
