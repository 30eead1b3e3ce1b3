package dev.featuremap.format;

import java.util.List;

/**
 * The names that timm (pytorch-image-models) gives networks whose layers have the names of
 * torchvision or efficientnet-lite-pytorch. Where both projects agree, as in ResNet, there is
 * nothing to say.
 */
final class TimmNames {
  private static final NamingScheme EFFICIENTNET =
      NamingScheme.of(
          "timm's EfficientNet",
          "timm's tf_efficientnet has the same names, but pads and normalizes otherwise: take the"
              + " network tf-efficientnet-b0 to -b3 for its weights.",
          """
          features.1.{i}.block.0.0 = blocks.0.{i}.conv_dw
          features.1.{i}.block.0.1 = blocks.0.{i}.bn1
          features.1.{i}.block.1.fc1 = blocks.0.{i}.se.conv_reduce
          features.1.{i}.block.1.fc2 = blocks.0.{i}.se.conv_expand
          features.1.{i}.block.2.0 = blocks.0.{i}.conv_pw
          features.1.{i}.block.2.1 = blocks.0.{i}.bn2
          features.{s}.{i}.block.0.0 = blocks.{s-1}.{i}.conv_pw
          features.{s}.{i}.block.0.1 = blocks.{s-1}.{i}.bn1
          features.{s}.{i}.block.1.0 = blocks.{s-1}.{i}.conv_dw
          features.{s}.{i}.block.1.1 = blocks.{s-1}.{i}.bn2
          features.{s}.{i}.block.2.fc1 = blocks.{s-1}.{i}.se.conv_reduce
          features.{s}.{i}.block.2.fc2 = blocks.{s-1}.{i}.se.conv_expand
          features.{s}.{i}.block.3.0 = blocks.{s-1}.{i}.conv_pwl
          features.{s}.{i}.block.3.1 = blocks.{s-1}.{i}.bn3
          features.0.0 = conv_stem
          features.0.1 = bn1
          features.8.0 = conv_head
          features.8.1 = bn2
          classifier.1 = classifier
          """);

  private static final NamingScheme EFFICIENTNET_LITE =
      NamingScheme.of(
          "timm's tf_efficientnet_lite",
          "timm's efficientnet_lite0 has the same names, but pads and normalizes otherwise: take the"
              + " network timm-efficientnet-lite0 for its weights.",
          """
          _blocks.0._depthwise_conv = blocks.0.0.conv_dw
          _blocks.0._bn1 = blocks.0.0.bn1
          _blocks.0._project_conv = blocks.0.0.conv_pw
          _blocks.0._bn2 = blocks.0.0.bn2
          _blocks.{k}._expand_conv = {#k}.conv_pw
          _blocks.{k}._bn0 = {#k}.bn1
          _blocks.{k}._depthwise_conv = {#k}.conv_dw
          _blocks.{k}._bn1 = {#k}.bn2
          _blocks.{k}._project_conv = {#k}.conv_pwl
          _blocks.{k}._bn2 = {#k}.bn3
          _conv_stem = conv_stem
          _bn0 = bn1
          _conv_head = conv_head
          _bn1 = bn2
          _fc = classifier
          """);

  private static final NamingScheme MOBILENET_V2 =
      NamingScheme.of(
          "timm's MobileNetV2",
          "",
          """
          features.1.conv.0.0 = blocks.0.0.conv_dw
          features.1.conv.0.1 = blocks.0.0.bn1
          features.1.conv.1 = blocks.0.0.conv_pw
          features.1.conv.2 = blocks.0.0.bn2
          features.{k}.conv.0.0 = {#k-1}.conv_pw
          features.{k}.conv.0.1 = {#k-1}.bn1
          features.{k}.conv.1.0 = {#k-1}.conv_dw
          features.{k}.conv.1.1 = {#k-1}.bn2
          features.{k}.conv.2 = {#k-1}.conv_pwl
          features.{k}.conv.3 = {#k-1}.bn3
          features.0.0 = conv_stem
          features.0.1 = bn1
          features.18.0 = conv_head
          features.18.1 = bn2
          classifier.1 = classifier
          """);

  /** As many rules as tell its names from others. */
  private static final NamingScheme MOBILENET_V3 =
      NamingScheme.of(
              "timm's MobileNetV3",
              "Its networks normalize otherwise than torchvision's: take the network"
                  + " timm-mobilenet-v3-large or -small, and for weights of tf_mobilenetv3"
                  + " tf-mobilenet-v3-large or -small.",
              """
              features.{k}.block.0.0 = {#k-1}.conv_pw
              features.{k}.block.0.1 = {#k-1}.bn1
              features.{k}.block.1.0 = {#k-1}.conv_dw
              features.{k}.block.1.1 = {#k-1}.bn2
              features.0.0 = conv_stem
              features.0.1 = bn1
              classifier.0 = conv_head
              classifier.3 = classifier
              """)
          .refused();

  private static final NamingScheme MNASNET =
      NamingScheme.of(
          "timm's MNASNet",
          "",
          """
          layers.{s}.{i}.layers.0 = blocks.{s-7}.{i}.conv_pw
          layers.{s}.{i}.layers.1 = blocks.{s-7}.{i}.bn1
          layers.{s}.{i}.layers.3 = blocks.{s-7}.{i}.conv_dw
          layers.{s}.{i}.layers.4 = blocks.{s-7}.{i}.bn2
          layers.{s}.{i}.layers.6 = blocks.{s-7}.{i}.conv_pwl
          layers.{s}.{i}.layers.7 = blocks.{s-7}.{i}.bn3
          layers.0 = conv_stem
          layers.1 = bn1
          layers.3 = blocks.0.0.conv_dw
          layers.4 = blocks.0.0.bn1
          layers.6 = blocks.0.0.conv_pw
          layers.7 = blocks.0.0.bn2
          layers.14 = conv_head
          layers.15 = bn2
          classifier.1 = classifier
          """);

  private static final NamingScheme REGNET =
      NamingScheme.of(
          "timm's RegNet",
          "",
          """
          trunk_output.block{a}.block{c}-{b}.f.a.0 = s{a}.b{b+1}.conv1.conv
          trunk_output.block{a}.block{c}-{b}.f.a.1 = s{a}.b{b+1}.conv1.bn
          trunk_output.block{a}.block{c}-{b}.f.b.0 = s{a}.b{b+1}.conv2.conv
          trunk_output.block{a}.block{c}-{b}.f.b.1 = s{a}.b{b+1}.conv2.bn
          trunk_output.block{a}.block{c}-{b}.f.c.0 = s{a}.b{b+1}.conv3.conv
          trunk_output.block{a}.block{c}-{b}.f.c.1 = s{a}.b{b+1}.conv3.bn
          trunk_output.block{a}.block{c}-{b}.f.se = s{a}.b{b+1}.se
          trunk_output.block{a}.block{c}-{b}.proj.0 = s{a}.b{b+1}.downsample.conv
          trunk_output.block{a}.block{c}-{b}.proj.1 = s{a}.b{b+1}.downsample.bn
          stem.0 = stem.conv
          stem.1 = stem.bn
          fc = head.fc
          """);

  private static final NamingScheme CONVNEXT =
      NamingScheme.of(
          "timm's ConvNeXt",
          "",
          """
          features.{s}.{i}.layer_scale = stages.{s/2}.blocks.{i}.gamma
          features.{s}.{i}.block.0 = stages.{s/2}.blocks.{i}.conv_dw
          features.{s}.{i}.block.2 = stages.{s/2}.blocks.{i}.norm
          features.{s}.{i}.block.3 = stages.{s/2}.blocks.{i}.mlp.fc1
          features.{s}.{i}.block.5 = stages.{s/2}.blocks.{i}.mlp.fc2
          features.0.0 = stem.0
          features.0.1 = stem.1
          features.{s}.0 = stages.{s/2}.downsample.0
          features.{s}.1 = stages.{s/2}.downsample.1
          classifier.0 = head.norm
          classifier.2 = head.fc
          """);

  private static final NamingScheme VGG =
      NamingScheme.of(
          "timm's VGG",
          "",
          """
          classifier.6 = head.fc
          classifier.3 = pre_logits.fc2
          classifier.0 = pre_logits.fc1
          """);

  /** Of networks whose own names are timm's. */
  static final NamingScheme OWN =
      NamingScheme.of(
          "timm",
          "Its networks with and without tf_ have the same tensors, but compute otherwise: the"
              + " network's file says which of them it is.",
          "conv_stem = conv_stem");

  static final List<NamingScheme> SCHEMES =
      List.of(
          EFFICIENTNET,
          EFFICIENTNET_LITE,
          MOBILENET_V2,
          MOBILENET_V3,
          MNASNET,
          REGNET,
          CONVNEXT,
          VGG);

  private TimmNames() {}
}
